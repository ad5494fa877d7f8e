package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.threads.Lane;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The trim of every loop before an OutOfMemoryError: one pool's idle memory serves all. */
class OutOfMemoryOfOneLoopTest {
  private static final int MIB = 1 << 20;
  private static final int LIMIT = 64 * MIB;
  private static final int LOOPS = 4;
  private static final int PIECE = 2 * MIB;

  @RegisterExtension private final CapturedLog log = new CapturedLog();

  private final FaultyUpstream upstream = new FaultyUpstream().limit(LIMIT);
  private final DefaultEventExecutorGroup group = new DefaultEventExecutorGroup(LOOPS);
  private final List<EventExecutor> loops = new ArrayList<>();
  private final ArenaByteBufAllocator allocator = allocator(Checks.OFF);

  OutOfMemoryOfOneLoopTest() {
    group.forEach(loops::add);
  }

  private ArenaByteBufAllocator allocator(Checks checks) {
    return ArenaByteBufAllocator.builder()
        .upstream(upstream)
        .trimInterval(Duration.ZERO)
        .checks(checks)
        .build();
  }

  @AfterEach
  void everythingGoesBack() {
    TestThreads.end(group);
    allocator.trim();
    assertThat(upstream.used()).isZero();
  }

  /** Allocates {@code bytes} in pieces and releases them; a failure is an AssertionError. */
  private static void use(ArenaByteBufAllocator of, int bytes) {
    List<ByteBuf> taken = new ArrayList<>();
    try {
      for (int sum = 0; sum < bytes; sum += PIECE) {
        taken.add(of.directBuffer(PIECE));
      }
    } catch (OutOfMemoryError e) {
      throw new AssertionError("should have found memory", e);
    } finally {
      taken.forEach(ByteBuf::release);
    }
  }

  @Test
  void eachLoopInTurnGetsWhatTheOthersReleased() {
    for (int round = 0; round < 3; round++) {
      for (EventExecutor loop : loops) {
        TestThreads.run(loop, () -> use(allocator, 24 * MIB));
      }
    }
    assertThat(upstream.used()).isLessThanOrEqualTo(LIMIT);
  }

  @Test
  void threadsWithoutALoopGetItToo() {
    for (EventExecutor loop : loops) {
      TestThreads.run(loop, () -> use(allocator, 14 * MIB));
    }
    use(allocator, 60 * MIB);
    TestThreads.run(loops.get(0), () -> use(allocator, 60 * MIB)); // also what the lanes hold
  }

  @Test
  void memoryReleasedByAnotherThreadIsReclaimed() {
    ByteBuf most = TestThreads.call(loops.get(0), () -> allocator.directBuffer(40 * MIB));
    most.release(); // waits in that loop's list
    TestThreads.run(loops.get(1), () -> use(allocator, 60 * MIB));
  }

  @ParameterizedTest
  @EnumSource
  void severalLoopsMayBeOutOfMemoryAtOnce(Checks checks) throws Exception {
    int perLoop = checks == Checks.FULL ? 4 * MIB : 14 * MIB; // full checks take twice the memory
    ArenaByteBufAllocator of = allocator(checks);
    for (int round = 0; round < 20; round++) {
      for (EventExecutor loop : loops) { // heap, to be given back by all for direct memory
        TestThreads.run(loop, () -> of.heapBuffer(PIECE).release());
      }
      CyclicBarrier start = new CyclicBarrier(LOOPS);
      List<Future<?>> uses = new ArrayList<>();
      for (EventExecutor loop : loops) {
        uses.add(
            loop.submit(
                () -> {
                  start.await(10, TimeUnit.SECONDS);
                  use(of, perLoop);
                  return true;
                }));
      }
      uses.forEach(Future::syncUninterruptibly);
    }
    of.trim();
    for (EventExecutor loop : loops) {
      TestThreads.run(loop, () -> {});
    }
  }

  /** Wherever the loop waits for a lane: growing a buffer of it, listing survivors, trimming. */
  @Test
  void aLoopThatWaitsForALaneGivesBackWhatTheLanesHolderAsksFor() {
    TestThreads.run(loops.get(0), () -> use(allocator, 24 * MIB));
    assertThat(allocator.metric().pooledMemory()).isPositive();
    Lane lane = allocator.pools().lanes().at(0);
    lane.lock();
    try (lane) {
      loops.get(0).execute(() -> lane.ownership().run(() -> {}));
      TestThreads.await("the loop to wait", () -> lane.ownership().lock().hasQueuedThreads());
      allocator.pools().reclaiming().trimOthers(lane.pool());
      assertThat(allocator.metric().pooledMemory()).as("while the lane was held").isZero();
    }
  }

  @Test
  void livingMemoryIsNotReclaimedAndTheLogStatesTheBytesHeld() {
    ByteBuf alive = TestThreads.call(loops.get(0), () -> allocator.directBuffer(40 * MIB));
    TestThreads.run(
        loops.get(1),
        () ->
            assertThatThrownBy(() -> allocator.directBuffer(30 * MIB))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessageContaining("asked for " + 30 * MIB + " bytes (DIRECT)"));
    assertThat(log.lines("held: " + 40 * MIB + " direct, 0 heap")).hasSize(1);
    alive.release();
    TestThreads.run(loops.get(1), () -> use(allocator, 30 * MIB));
  }

  @Test
  void anEndedLoopHasReturnedItsMemory() {
    TestThreads.run(loops.get(0), () -> use(allocator, 24 * MIB));
    TestThreads.end(group);
    use(allocator, 60 * MIB);
  }
}
