package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.Handles;
import dev.tidepool.allocator.memory.MemoryKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Netty's own leak detection at each {@code -Dio.netty.leakDetection.level}: in the shared
 * allocator and in connection arenas from ADVANCED up. See {@link SharedLeakDetectionTest} for
 * SIMPLE.
 */
class NettyLeakDetectionTest {
  /** So many that sampling, one in 128, misses all of them once in 10^13 runs. */
  private static final int MANY = 4000;

  private final Level before = ResourceLeakDetector.getLevel();

  @RegisterExtension private final CapturedLog log = new CapturedLog();
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final ArenaByteBufAllocator shared = guard.allocator();
  private final EventExecutor loop = new DefaultEventExecutor();
  private final ConnectionArena arena = shared.newConnectionArena(loop);

  @AfterEach
  void restoreLevel() {
    ResourceLeakDetector.setLevel(before);
    arena.close();
    TestThreads.end(loop);
  }

  private static long wrapped(ByteBufAllocator allocator) {
    long wrapped = 0;
    for (int i = 0; i < MANY; i++) {
      ByteBuf buffer = i % 2 == 0 ? allocator.directBuffer(8) : allocator.heapBuffer(8);
      wrapped += buffer instanceof ArenaByteBuf ? 0 : 1;
      buffer.release();
    }
    return wrapped;
  }

  /** Wrapped by Netty, or without a slot. */
  private static long sampled(ByteBufAllocator allocator) {
    long sampled = 0;
    for (int i = 0; i < MANY; i++) {
      ByteBuf buffer = i % 2 == 0 ? allocator.directBuffer(8) : allocator.heapBuffer(8);
      sampled += buffer instanceof ArenaByteBuf && !Handles.isWithoutSlot(buffer) ? 0 : 1;
      buffer.release();
    }
    return sampled;
  }

  private static long wrappedComposites(ByteBufAllocator allocator) {
    long wrapped = 0;
    for (int i = 0; i < MANY; i++) {
      CompositeByteBuf buffer =
          i % 2 == 0 ? allocator.compositeDirectBuffer() : allocator.compositeHeapBuffer();
      wrapped += buffer.getClass() == CompositeByteBuf.class ? 0 : 1;
      buffer.release();
    }
    return wrapped;
  }

  private long onLoop(Function<ByteBufAllocator, Long> count, ByteBufAllocator allocator) {
    return TestThreads.call(loop, () -> count.apply(allocator));
  }

  @ParameterizedTest
  @EnumSource
  void theSharedAllocatorIsSampledAtEveryLevel(Level level) {
    ResourceLeakDetector.setLevel(level);
    List<Long> counts =
        List.of(
            sampled(shared),
            onLoop(NettyLeakDetectionTest::sampled, shared),
            wrappedComposites(shared));
    assertThat(counts).allSatisfy(count -> assertThat(count).matches(expected(level)));
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionArenaIsSampledFromAdvancedUpOnly(Level level) {
    ResourceLeakDetector.setLevel(level);
    List<Long> counts =
        List.of(
            wrapped(arena),
            onLoop(NettyLeakDetectionTest::wrapped, arena),
            wrappedComposites(arena));
    assertThat(counts)
        .allSatisfy(
            count ->
                assertThat(count)
                    .matches(expected(level == Level.SIMPLE ? Level.DISABLED : level)));
  }

  private static Predicate<Long> expected(Level level) {
    return switch (level) {
      case DISABLED -> count -> count == 0;
      case PARANOID -> count -> count == MANY;
      default -> count -> 0 < count && count < MANY;
    };
  }

  // Forgotten buffers

  private String reported(String sign) {
    for (int attempt = 0; attempt < 500; attempt++) {
      System.gc();
      shared.buffer(1).release(); // reports what the collector found
      if (log.text().contains(sign)) {
        return log.text();
      }
    }
    return fail("never reported: " + sign + " in " + log.text());
  }

  private void forget(ByteBufAllocator allocator) {
    allocator.directBuffer(64).writeLong(1).touch("forgotten by this test");
  }

  /** Releases the forgotten buffer, which no allocator reclaims and this test can still find. */
  private void releaseWhatIsForgotten() {
    List<ByteBuf> forgotten = new ArrayList<>();
    shared
        .pools()
        .forEach(
            arenas -> {
              Runnable find =
                  () -> {
                    arenas.arena(MemoryKind.DIRECT).forEachLiving(forgotten::add);
                    forgotten.forEach(ByteBuf::release);
                    forgotten.clear();
                  };
              if (!arenas.pool().ownership().run(find)) {
                TestThreads.run(loop, find::run);
              }
            });
  }

  @Test
  void aForgottenBufferOfTheSharedAllocatorIsReported() {
    ResourceLeakDetector.setLevel(Level.PARANOID);
    forget(shared);
    assertThat(reported("LEAK: ByteBuf.release() was not called"))
        .contains("forgotten by this test")
        .contains("NettyLeakDetectionTest.forget");
    releaseWhatIsForgotten();
  }

  @Test
  void aForgottenBufferOfAnEventLoopIsReported() {
    ResourceLeakDetector.setLevel(Level.PARANOID);
    TestThreads.run(loop, () -> forget(shared));
    assertThat(reported("LEAK: ByteBuf.release() was not called"))
        .contains("forgotten by this test");
    releaseWhatIsForgotten();
  }

  @Test
  void aForgottenBufferOfAnOpenConnectionIsReported() {
    ResourceLeakDetector.setLevel(Level.PARANOID);
    forget(arena);
    assertThat(reported("LEAK: ByteBuf.release() was not called"))
        .contains("forgotten by this test");
    assertThat(arena.metric().leasedBlocks()).isEqualTo(1);
    arena.forEachStraggler(buffer -> fail("a straggler before the first reset: " + buffer));
    TestThreads.run(loop, arena::reset);
    List<ByteBuf> stragglers = new ArrayList<>();
    arena.forEachStraggler(stragglers::add);
    assertThat(stragglers).hasSize(1);
    stragglers.forEach(ByteBuf::release);
  }

  @ParameterizedTest
  @EnumSource(names = {"ADVANCED", "PARANOID"})
  void releasedBuffersAreNotReported(Level level) {
    ResourceLeakDetector.setLevel(level);
    for (int i = 0; i < 1000; i++) {
      ByteBuf buffer = shared.buffer(10);
      ByteBuf slice = buffer.retainedSlice(1, 2);
      buffer.capacity(20_000).release();
      slice.release();
    }
    for (int attempt = 0; attempt < 5; attempt++) {
      System.gc();
      shared.buffer(1).release();
    }
    assertThat(log.text()).doesNotContain("LEAK");
  }

  // Use of sampled buffers

  @ParameterizedTest
  @EnumSource(Checks.class)
  void aSampledBufferKeepsContentsAllocatorAndMemoryWhenItMoves(Checks checks) {
    ResourceLeakDetector.setLevel(Level.PARANOID);
    ArenaByteBufAllocator other = guard.another(ArenaByteBufAllocator.builder().checks(checks));
    ConnectionArena sampled = other.newConnectionArena(loop);
    TestThreads.run(
        loop,
        () -> {
          for (boolean direct : new boolean[] {true, false}) {
            ByteBuf buffer = direct ? sampled.directBuffer(100) : sampled.heapBuffer(100);
            ByteBuf neighbour = direct ? sampled.directBuffer(1) : sampled.heapBuffer(1);
            Patterns.fill(buffer, 1);
            Patterns.check(buffer.capacity(9000), 1, 100);
            Patterns.fill(buffer, 2);
            neighbour.release();
            sampled.reset();

            Patterns.check(buffer, 2);
            assertThat(buffer.alloc()).isSameAs(sampled);
            ByteBuf copy = buffer.copy();
            Patterns.check(copy, 2);
            copy.release();
            if (buffer.hasMemoryAddress()) {
              assertThat(buffer.memoryAddress()).isNotZero();
            }
            assertThat(sampled.metric().stragglers()).isEqualTo(1);
            buffer.release();
            sampled.reset();
            assertThat(sampled.metric().leasedBlocks()).isZero();
          }
          sampled.close();
        });
  }
}
