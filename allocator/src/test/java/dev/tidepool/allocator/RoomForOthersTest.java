package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reclaiming of empty blocks from any thread's pool before a budget refuses. */
class RoomForOthersTest {
  private static final int BUDGET = 128 * 1024;

  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final EventExecutor one = new DefaultEventExecutor();
  private final EventExecutor other = new DefaultEventExecutor();

  @AfterEach
  void endLoops() {
    TestThreads.end(one);
    TestThreads.end(other);
  }

  private ArenaByteBufAllocator allocator(Checks checks) {
    return guard.another(
        ArenaByteBufAllocator.builder()
            .globalBudget(BUDGET)
            .trimInterval(Duration.ZERO)
            .checks(checks));
  }

  @ParameterizedTest
  @ValueSource(ints = {BUDGET, BUDGET / 2}) // with and without pressure
  void memoryReleasedByAThreadForAnIdleLoopIsReclaimed(int held) {
    ArenaByteBufAllocator shared = allocator(Checks.FULL);
    for (int i = 0; i < 100; i++) {
      ConnectionArena holds = shared.newConnectionArena(one);
      ConnectionArena asks = shared.newConnectionArena(other);
      TestThreads.call(one, () -> holds.directBuffer(held)).release();
      TestThreads.call(other, () -> asks.directBuffer(BUDGET)).release();
      holds.close();
      asks.close();
    }
    assertThat(shared.metric().refusals()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyBlockOfAnotherLoopIsReclaimed(Checks checks) {
    ArenaByteBufAllocator shared = allocator(checks);
    ConnectionArena holds = shared.newConnectionArena(one);
    TestThreads.run(one, () -> holds.directBuffer(1000).release()); // and no reset
    TestThreads.run(one, () -> shared.heapBuffer(1000).release());
    assertThat(shared.metric().chargedMemory()).isPositive();
    TestThreads.run(other, () -> shared.directBuffer(BUDGET).release());
    shared.directBuffer(BUDGET).release();
    assertThat(shared.metric().refusals()).isZero();
    holds.close();
  }

  @Test
  void aLoopsEmptyBlocksAreReclaimedForItsConnectionsWorkers() {
    ArenaByteBufAllocator shared =
        guard.another(
            ArenaByteBufAllocator.builder().hardBudget(BUDGET).trimInterval(Duration.ZERO));
    ConnectionArena arena = shared.newConnectionArena(one);
    TestThreads.call(one, () -> arena.directBuffer(BUDGET)).release();
    arena.directBuffer(BUDGET).release(); // by this thread, in a lane
    TestThreads.run(one, () -> arena.heapBuffer(1000).release());
    arena.directBuffer(BUDGET).release();
    assertThat(arena.metric().refusals()).isZero();
    arena.close();
  }

  @Test
  void aBlockedLoopIsNotWaitedForForever() throws Exception {
    ArenaByteBufAllocator shared = allocator(Checks.OFF);
    ByteBuf alive = TestThreads.call(one, () -> shared.directBuffer(BUDGET));
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    var task =
        one.submit(
            () -> {
              blocked.countDown();
              goOn.await();
              return true;
            });
    blocked.await();
    try {
      alive.release();
      assertThatThrownBy(() -> TestThreads.run(other, () -> shared.directBuffer(BUDGET)))
          .isInstanceOf(ArenaBudgetExceededException.class);
    } finally {
      goOn.countDown();
    }
    task.syncUninterruptibly();
    TestThreads.run(one, () -> {}); // it has answered, and is asked again
    TestThreads.run(other, () -> shared.directBuffer(BUDGET).release());
  }

  @Test
  void loopsThatAskEachOtherAtOnceDoNotWaitForEachOther() {
    ArenaByteBufAllocator shared =
        guard.another(
            ArenaByteBufAllocator.builder()
                .globalBudget(BUDGET)
                .maxBlockSize(BUDGET / 2) // so that no block exceeds the request
                .trimInterval(Duration.ZERO));
    for (int i = 0; i < 200; i++) {
      ByteBuf first = TestThreads.call(one, () -> shared.directBuffer(BUDGET / 2));
      ByteBuf second = TestThreads.call(other, () -> shared.directBuffer(BUDGET / 2));
      first.release();
      second.release();
      var oneMore = one.submit(() -> shared.heapBuffer(BUDGET / 2).release());
      var otherMore = other.submit(() -> shared.heapBuffer(BUDGET / 2).release());
      oneMore.syncUninterruptibly();
      otherMore.syncUninterruptibly();
    }
    assertThat(shared.metric().refusals()).isZero();
  }
}
