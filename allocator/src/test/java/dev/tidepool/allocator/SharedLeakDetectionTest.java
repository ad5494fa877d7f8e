package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.Handles;
import dev.tidepool.allocator.memory.MemoryKind;
import io.netty.buffer.ByteBuf;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shared allocator's own leak detection, at Netty's default level. */
class SharedLeakDetectionTest {
  private static final String FOUND = "LEAK: a buffer of ";
  private static final String FOUND_BY_NETTY = "LEAK: ByteBuf.release() was not called";

  /** So many that sampling, one in 128, misses all of them once in 10^13 runs. */
  private static final int MANY = 4000;

  private final Level before = ResourceLeakDetector.getLevel();

  @RegisterExtension private final CapturedLog log = new CapturedLog();

  @RegisterExtension
  private final UpstreamGuard guard = EachBufferSampled.in(() -> UpstreamGuard.of(Checks.OFF));

  private final ArenaByteBufAllocator shared = guard.allocator();
  private final EventExecutor loop = new DefaultEventExecutor();

  @BeforeEach
  void setNettysDefault() {
    ResourceLeakDetector.setLevel(Level.SIMPLE);
  }

  @AfterEach
  void restore() {
    ResourceLeakDetector.setLevel(before);
    TestThreads.end(loop);
  }

  private void on(boolean eventLoop, TestThreads.Task task) throws Exception {
    if (eventLoop) {
      TestThreads.run(loop, task);
    } else {
      task.run();
    }
  }

  private static void forget(ArenaByteBufAllocator allocator, boolean direct) {
    ByteBuf forgotten = direct ? allocator.directBuffer(64) : allocator.heapBuffer(64);
    forgotten.writeLong(1);
  }

  private String reported(String sign) {
    for (int attempt = 0; attempt < 500; attempt++) {
      System.gc();
      for (int i = 0; i < 100 && !log.text().contains(sign); i++) {
        shared.buffer(1).release(); // a sampled one reports what the collector found
      }
      if (log.text().contains(sign)) {
        return log.text();
      }
    }
    return fail("never reported: " + sign + " in " + log.text());
  }

  private static void awaitLeaks(ArenaByteBufAllocator allocator) {
    for (int attempt = 0; allocator.metric().leaks() == 0 && attempt < 500; attempt++) {
      System.gc();
      allocator.buffer(1).release();
    }
  }

  /** Releases forgotten buffers, which no allocator reclaims and this test can still find. */
  private void releaseWhatIsForgotten(ArenaByteBufAllocator allocator) {
    allocator
        .pools()
        .forEach(
            arenas -> {
              Runnable release =
                  () -> {
                    List<ByteBuf> living = new ArrayList<>();
                    for (MemoryKind kind : MemoryKind.values()) {
                      arenas.arena(kind).forEachLiving(living::add);
                    }
                    living.forEach(ByteBuf::release);
                  };
              if (!arenas.pool().ownership().run(release)) {
                TestThreads.run(loop, release::run);
              }
            });
  }

  private static int wrapped(ArenaByteBufAllocator allocator) {
    int wrapped = 0;
    for (int i = 0; i < MANY; i++) {
      ByteBuf buffer = allocator.buffer(8);
      wrapped += buffer instanceof ArenaByteBuf ? 0 : 1;
      buffer.release();
    }
    return wrapped;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aForgottenBufferIsReportedAndCounted(boolean direct) throws Exception {
    for (boolean eventLoop : new boolean[] {false, true}) {
      ArenaByteBufAllocator another =
          EachBufferSampled.in(() -> guard.another(ArenaByteBufAllocator.builder()));
      on(eventLoop, () -> forget(another, direct));
      awaitLeaks(another);
      assertThat(another.metric().leaks()).isEqualTo(1);
      assertThat(log.lines(FOUND + "64 bytes (" + (direct ? "direct" : "heap")))
          .hasSize(eventLoop ? 2 : 1);
      releaseWhatIsForgotten(another);
    }
  }

  @Test
  void afterTheFirstNettysDetectionSaysWhereTheNextWasAllocated() {
    assertThat(wrapped(shared)).isZero();
    forget(shared, true);
    reported(FOUND);
    assertThat(wrapped(shared)).isBetween(1, MANY - 1);
    for (int i = 0; i < MANY; i++) {
      forget(shared, true);
    }
    assertThat(reported(FOUND_BY_NETTY)).contains("SharedLeakDetectionTest.forget");
    releaseWhatIsForgotten(shared);
  }

  @Test
  void whatIsFoundLateIsReportedToo() {
    forget(shared, true);
    ByteBuf[] kept = {shared.directBuffer(100)};
    reported(FOUND + "64");
    kept[0] = null;
    assertThat(reported(FOUND + "100")).contains(FOUND + "64");
    assertThat(shared.metric().leaks()).isEqualTo(2);
    releaseWhatIsForgotten(shared);
  }

  @ParameterizedTest
  @EnumSource(names = {"DISABLED", "SIMPLE"})
  void theLevelDecidesAtOnce(Level level) {
    ResourceLeakDetector.setLevel(level);
    ByteBuf buffer = shared.buffer(8);
    assertThat(Handles.isWithoutSlot(buffer)).isEqualTo(level == Level.SIMPLE);
    buffer.release();
  }

  @Test
  void whatAViewOfTheBufferKeepsIsNotForgotten() {
    ByteBuf slice = shared.directBuffer(100).writeZero(100).slice(8, 8);
    ByteBuf duplicate = shared.heapBuffer(100).retainedDuplicate();
    duplicate.release();
    forget(shared, true);
    reported(FOUND + "64");
    assertThat(shared.metric().leaks()).isEqualTo(1);
    slice.release();
    duplicate.release();
    releaseWhatIsForgotten(shared);
  }

  @ParameterizedTest
  @EnumSource(Checks.class)
  void whatIsReleasedAnywhereIsNotReported(Checks checks) throws Exception {
    ArenaByteBufAllocator another =
        EachBufferSampled.in(() -> guard.another(ArenaByteBufAllocator.builder().checks(checks)));
    BlockingQueue<ByteBuf> handedOver = new ArrayBlockingQueue<>(16);
    Future<?> allocated =
        loop.submit(
            () -> {
              for (int i = 0; i < MANY; i++) {
                ByteBuf buffer = i % 2 == 0 ? another.directBuffer(16) : another.heapBuffer(16);
                handedOver.put(buffer.writeLong(i));
              }
              return MANY;
            });
    for (int i = 0; i < MANY; i++) {
      ByteBuf buffer = handedOver.take();
      ByteBuf slice = buffer.retainedSlice(0, 8);
      if (i % 8 == 0) {
        buffer.capacity(1000); // grows on a thread that may not touch its block
      }
      assertThat(buffer.release()).isFalse();
      assertThat(slice.readLong()).isEqualTo(i);
      assertThat(slice.release()).isTrue();
      if (i % (MANY / 8) == 0) {
        System.gc();
      }
    }
    assertThat(allocated.get()).isEqualTo(MANY);
    assertThat(another.metric().leaks()).isZero();
    forget(another, true);
    awaitLeaks(another);
    assertThat(another.metric().leaks()).isEqualTo(1);
    releaseWhatIsForgotten(another);
  }

  @Test
  void aDetectorOfTheApplicationsStaysInCharge() {
    ResourceLeakDetectorFactory nettys = ResourceLeakDetectorFactory.instance();
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Replaced());
    try {
      assertThat(wrapped(guard.another(ArenaByteBufAllocator.builder()))).isBetween(1, MANY - 1);
    } finally {
      ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(nettys);
    }
    assertThat(wrapped(guard.another(ArenaByteBufAllocator.builder()))).isZero();
  }

  private static final class Replaced extends ResourceLeakDetectorFactory {
    @Override
    @SuppressWarnings("deprecation") // it is abstract
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval, long maxActive) {
      return new Own<>(resource, samplingInterval);
    }
  }

  private static final class Own<T> extends ResourceLeakDetector<T> {
    Own(Class<?> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }
  }
}
