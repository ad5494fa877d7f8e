package dev.tidepool.allocator.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.Checks;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Buffers pass between an event loop and three other threads at full speed, while their arena is
 * reset, trimmed, closed and replaced.
 *
 * <p>{@code -Dtidepool.seed=} makes the threads do other things. Their timing is the machine's: the
 * seed of a failure need not fail again.
 */
class ConcurrencyTest {
  private static final long SEED = Long.getLong("tidepool.seed", 20_26);
  private static final int ACTS = Integer.getInteger("tidepool.concurrent.acts", 20_000);

  private final UnpooledByteBufAllocator upstream = new UnpooledByteBufAllocator(false);

  @ParameterizedTest
  @CsvSource({"OFF, false", "FULL, false", "OFF, true", "FULL, true"})
  void everyByteArrivesAndAllMemoryReturns(Checks checks, boolean virtualThreads) {
    EventExecutor loop = new DefaultEventExecutor();
    try {
      new Exchange(allocator(checks), loop, SEED).run(ACTS, starter(virtualThreads));
      assertThat(upstream.metric().usedDirectMemory()).isZero();
      assertThat(upstream.metric().usedHeapMemory()).isZero();
    } catch (Throwable e) {
      throw new AssertionError("-Dtidepool.seed=" + SEED, e);
    } finally {
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private ArenaByteBufAllocator allocator(Checks checks) {
    return ArenaByteBufAllocator.builder()
        .upstream(upstream)
        .minBlockSize(1024)
        .maxBlockSize(4096)
        .trimInterval(Duration.ofMillis(1))
        .leakGrace(Duration.ofHours(1))
        .checks(checks)
        .build();
  }

  /** Virtual threads where the JDK has them. */
  private static Exchange.Starter starter(boolean virtual) {
    return task ->
        (virtual ? VirtualThreads.start(task) : Optional.<Thread>empty())
            .orElseGet(() -> start(task));
  }

  private static Thread start(Runnable task) {
    Thread thread = new Thread(task, "worker");
    thread.start();
    return thread;
  }
}
