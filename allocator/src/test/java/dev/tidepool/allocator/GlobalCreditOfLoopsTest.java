package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.budget.BudgetChecker;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Event loops, connections and other threads under a global budget large enough for credit. */
class GlobalCreditOfLoopsTest {
  /** A loop's credit in bytes; a buffer of this size has a block to itself. */
  private static final int BLOCK = 256 * 1024;

  private static final int BUDGET = 256 * BLOCK;

  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder().globalBudget(BUDGET).trimInterval(Duration.ZERO));

  private final ArenaByteBufAllocator shared = guard.allocator();
  private final EventExecutor loop = new DefaultEventExecutor();
  private final EventExecutor other = new DefaultEventExecutor();
  private final List<ByteBuf> alive = new ArrayList<>();

  @AfterEach
  void end() {
    alive.forEach(ByteBuf::release);
    TestThreads.end(loop);
    TestThreads.end(other);
    guard.trim(); // a lane drains its releases when it is used
    assertThat(shared.metric().chargedMemory()).isZero();
    assertThat(reserved(shared)).as("the blocks left of ended loops").isZero();
  }

  private static long reserved(ArenaByteBufAllocator allocator) {
    return BudgetChecker.reserved(allocator.globalBudget());
  }

  private static void request(ConnectionArena arena) {
    arena.directBuffer(BLOCK).release();
    arena.reset();
  }

  /** The first request opens the loop's credit, the second returns to it what the third takes. */
  private static void serve(ConnectionArena arena) {
    for (int i = 0; i < 3; i++) {
      request(arena);
    }
  }

  private void check() {
    ArenaAllocatorMetric metric = shared.metric();
    BudgetChecker.check(shared.globalBudget(), metric.leasedMemory(), metric.overflowMemory());
  }

  @Test
  void requestsAreChargedToTheirLoopsCredit() {
    ConnectionArena arena = shared.newConnectionArena(loop);
    TestThreads.run(
        loop,
        () -> {
          serve(arena);
          long reserved = reserved(shared);
          ByteBuf held = arena.directBuffer(BLOCK);
          assertThat(reserved(shared)).isEqualTo(reserved).isPositive();
          assertThat(shared.metric().chargedMemory()).isEqualTo(BLOCK);
          held.release();
          arena.reset();
          assertThat(reserved(shared)).isEqualTo(reserved);
          assertThat(shared.metric().chargedMemory()).isZero();
          arena.close();
        });
    check();
  }

  @Test
  void theSharedAllocatorOnALoopIsChargedToItsCredit() {
    TestThreads.run(
        loop,
        () -> {
          for (int i = 0; i < 3; i++) {
            shared.directBuffer(BLOCK).release();
            guard.trim(); // its arena keeps the block otherwise
          }
          long reserved = reserved(shared);
          ByteBuf held = shared.directBuffer(BLOCK);
          assertThat(reserved(shared)).isEqualTo(reserved).isPositive();
          held.release();
        });
    check();
  }

  @Test
  void otherThreadsChargeExactly() {
    ConnectionArena arena = shared.newConnectionArena(loop);
    arena.directBuffer(BLOCK).release();
    shared.heapBuffer(BLOCK).release();
    TestThreads.run(loop, arena::reset);
    guard.trim();
    assertThat(reserved(shared)).isZero();
    alive.add(arena.directBuffer(BLOCK));
    assertThat(reserved(shared)).isEqualTo(BLOCK);
    TestThreads.run(loop, arena::close);
    check();
  }

  @Test
  void anyLoopMayTakeTheWholeBudget() {
    for (EventExecutor each : List.of(loop, other)) {
      ConnectionArena served = shared.newConnectionArena(each);
      TestThreads.run(each, () -> serve(served));
    }
    assertThat(reserved(shared)).isPositive();
    ConnectionArena greedy = shared.newConnectionArena(other);
    for (int i = 0; i < BUDGET / BLOCK; i++) {
      alive.add(TestThreads.call(other, () -> greedy.directBuffer(BLOCK)));
    }
    assertThat(shared.metric().chargedMemory()).isEqualTo(BUDGET);
    check();
    assertThatThrownBy(() -> TestThreads.run(loop, () -> shared.heapBuffer(1)))
        .isInstanceOfSatisfying(
            ArenaBudgetExceededException.class, e -> assertThat(e.held()).isEqualTo(BUDGET));
    TestThreads.run(other, greedy::close);
  }

  @Test
  void anEndingLoopReturnsItsCreditAndItsBuffersStayCharged() {
    ConnectionArena arena = shared.newConnectionArena(loop);
    ByteBuf held =
        TestThreads.call(
            loop,
            () -> {
              serve(arena);
              return arena.heapBuffer(100);
            });
    long charged = shared.metric().chargedMemory();
    assertThat(reserved(shared)).isGreaterThan(charged);
    TestThreads.end(loop);
    assertThat(reserved(shared)).isEqualTo(charged).isPositive();
    assertThat(shared.metric().chargedMemory()).isEqualTo(charged);
    held.release();
    assertThat(reserved(shared)).isZero();
    arena.close();
  }

  @Test
  void anIdleLoopReturnsItsCreditByTheClock() {
    ArenaByteBufAllocator ticking =
        guard.another(
            ArenaByteBufAllocator.builder()
                .globalBudget(BUDGET)
                .trimInterval(Duration.ofMillis(40)));
    ConnectionArena arena = ticking.newConnectionArena(loop);
    ByteBuf held =
        TestThreads.call(
            loop,
            () -> {
              serve(arena);
              assertThat(reserved(ticking)).isPositive();
              return arena.directBuffer(BLOCK);
            });
    TestThreads.await("the credit's return", () -> reserved(ticking) == BLOCK);
    held.release();
    TestThreads.await("the end of the clock", () -> reserved(ticking) == 0);
    TestThreads.run(loop, arena::close);
  }
}
