package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The visibility of a release to a thread that spins on the reference count, also in a loop that
 * the optimizing compiler has compiled.
 */
class RefCountSpinTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Enough to have the loops compiled: interpreted ones prove nothing. */
  private static final long WARM_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  @RegisterExtension static final OnEventLoop loop = new OnEventLoop();
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);
  @RegisterExtension private final UpstreamGuard checked = UpstreamGuard.of(Checks.FULL);

  private static Map<String, UnaryOperator<ByteBuf>> views() {
    Map<String, UnaryOperator<ByteBuf>> views = new LinkedHashMap<>();
    views.put("itself", UnaryOperator.identity());
    views.put("its slice", buffer -> buffer.slice(0, 10));
    views.put("a slice of its duplicate", buffer -> buffer.duplicate().slice(0, 10));
    views.put("its duplicate", ByteBuf::duplicate);
    views.put("itself, swapped", RefCountSpinTest::swapped);
    views.put("itself, read-only", ByteBuf::asReadOnly);
    return views;
  }

  @SuppressWarnings("deprecation") // tests order(ByteOrder)
  private static ByteBuf swapped(ByteBuf buffer) {
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void awaitDeath(ByteBuf buffer) {
    while (buffer.refCnt() > 0) {}
  }

  private static Thread spin(String name, ByteBuf buffer, CountDownLatch started) {
    Thread spinner =
        new Thread(
            () -> {
              started.countDown();
              awaitDeath(buffer);
            },
            name);
    spinner.setDaemon(true);
    spinner.start();
    return spinner;
  }

  @ParameterizedTest
  @CsvSource({"OFF, true", "OFF, false", "FULL, true", "FULL, false"})
  void aSpinningThreadSeesTheRelease(Checks checks, boolean direct) throws InterruptedException {
    ArenaByteBufAllocator allocator = (checks == Checks.OFF ? guard : checked).allocator();
    ByteBuf buffer = direct ? allocator.directBuffer(100) : allocator.heapBuffer(100);
    ByteBuf root = buffer.unwrap() == null ? buffer : buffer.unwrap(); // without Netty's wrapper
    CountDownLatch started = new CountDownLatch(views().size());
    List<Thread> spinners = new ArrayList<>();
    views().forEach((name, view) -> spinners.add(spin(name, view.apply(root), started)));
    started.await();
    LockSupport.parkNanos(WARM_NANOS);
    assertThat(spinners).as("alive: the buffer is").allMatch(Thread::isAlive);
    buffer.release();
    for (Thread spinner : spinners) {
      spinner.join(PATIENCE.toMillis());
      assertThat(spinner.isAlive()).as("still spinning on %s", spinner.getName()).isFalse();
    }
  }
}
