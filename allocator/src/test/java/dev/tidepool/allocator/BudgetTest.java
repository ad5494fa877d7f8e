package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hard budget of a connection. */
class BudgetTest {
  private static final int BLOCK = 8 * 1024;
  private static final int BUDGET = 64 * 1024;

  @RegisterExtension static final OnEventLoop loop = new OnEventLoop();

  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder()
              .hardBudget(BUDGET)
              .minBlockSize(BLOCK)
              .trimInterval(Duration.ZERO)
              .checks(Checks.FULL));

  @RegisterExtension final CapturedLog log = new CapturedLog();

  private final List<ByteBuf> alive = new ArrayList<>();
  private ConnectionArena arena;

  @BeforeEach
  void openArena() {
    arena = open("the greedy one");
  }

  @AfterEach
  void closeArena() {
    alive.forEach(ByteBuf::release);
    arena.close();
  }

  private ConnectionArena open(String name) {
    return guard.allocator().newConnectionArena(loop.loop(), name);
  }

  private ByteBuf keep(ByteBuf buffer) {
    alive.add(buffer);
    return buffer;
  }

  /** Takes the budget to the last byte, in blocks that divide it. */
  private void exhaust() {
    for (int i = 0; i < BUDGET / BLOCK; i++) {
      keep(arena.directBuffer(BLOCK));
    }
    assertThat(arena.metric().chargedBytes()).isEqualTo(BUDGET);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAllocationOverTheBudgetFailsAndSaysWhy(boolean direct) {
    exhaust();
    ThrowingCallable oneMore = direct ? () -> arena.directBuffer(1) : () -> arena.heapBuffer(1);
    assertThatThrownBy(oneMore)
        .isInstanceOfSatisfying(
            ArenaBudgetExceededException.class,
            e -> {
              assertThat(e.budget()).isEqualTo(BUDGET);
              assertThat(e.held()).isEqualTo(BUDGET);
              assertThat(e.asked()).isEqualTo(BLOCK);
              assertThat(e.connection()).isEqualTo("the greedy one");
              assertThat(e.liveBuffers()).isEqualTo(BUDGET / BLOCK);
              assertThat(e.oldestRequest()).isEqualTo(1);
              assertThat(e.oldestBytes()).isEqualTo(BLOCK);
              assertThat(e.oldestAge()).contains(Duration.ZERO);
              assertThat(e.isHeaviest()).isFalse();
              assertThat(e.report())
                  .isEqualTo(
                      "budget of the greedy one exceeded: hardBudget: 65536 bytes, held: 65536, "
                          + "asked for: 8192 (expected: held + asked <= hardBudget); "
                          + "live buffers: 8, the oldest: 8192 bytes of request 1, which goes on");
            });
    assertThat(arena.metric().refusals()).isEqualTo(1);
    assertThat(guard.allocator().metric().refusals()).isEqualTo(1);
    assertThat(arena.metric().chargedBytes()).isEqualTo(BUDGET);
    assertThat(guard.allocator().metric().leasedMemory()).isEqualTo(BUDGET);
  }

  @Test
  void theMessageSaysOnlyThatALimitWasReached() {
    exhaust();
    assertThatThrownBy(() -> arena.directBuffer(1))
        .hasMessage("a memory limit was reached")
        .hasToString(ArenaBudgetExceededException.class.getName() + ": a memory limit was reached")
        .hasNoCause()
        .hasNoSuppressedExceptions();
  }

  @Test
  void aRefusalWithoutAListenerIsLogged() {
    exhaust();
    ConnectionArena child = arena.newChild();
    assertThatThrownBy(() -> child.directBuffer(1)).isNotNull();
    assertThat(log.lines("budget of the greedy one exceeded: hardBudget: 65536 bytes")).hasSize(1);
    child.close();
  }

  @Test
  void otherConnectionsStillAllocate() {
    exhaust();
    ConnectionArena other = open("a modest one");
    other.directBuffer(BUDGET).release();
    guard.allocator().directBuffer(2 * BUDGET).release();
    other.close();
  }

  @Test
  void releasedMemoryMayBeAllocatedAgain() {
    for (int i = 0; i < 5; i++) { // without a reset
      exhaust();
      alive.forEach(ByteBuf::release);
      alive.clear();
    }
  }

  @Test
  void stragglersCountUntilTheirLastRelease() {
    exhaust();
    arena.reset();
    assertThat(arena.metric().chargedBytes()).isEqualTo(BUDGET);
    assertThatThrownBy(() -> arena.buffer(1)).isInstanceOf(ArenaBudgetExceededException.class);
    alive.remove(0).release();
    keep(arena.directBuffer(BLOCK));
  }

  @Test
  void anEmptyBlockDoesNotPreventALargerOne() {
    arena.directBuffer(1).release();
    arena.heapBuffer(1).release();
    assertThat(arena.metric().leasedBlocks()).isEqualTo(2);
    keep(arena.directBuffer(BUDGET));
    assertThat(arena.metric().chargedBytes()).isEqualTo(BUDGET);
  }

  @Test
  void failedGrowthLeavesTheBufferUnchanged() {
    ByteBuf buffer = keep(Patterns.fill(arena.directBuffer(100), 1));
    keep(arena.directBuffer(100));
    assertThatThrownBy(() -> buffer.capacity(BUDGET))
        .isInstanceOf(ArenaBudgetExceededException.class);
    assertThat(buffer.capacity()).isEqualTo(100);
    Patterns.check(buffer, 1);
    Patterns.check(buffer.capacity(BLOCK), 1, 100);
  }

  @Test
  void otherThreadsAllocationsCountToo() {
    CompletableFuture.runAsync(() -> keep(arena.directBuffer(BUDGET / 2))).join();
    keep(arena.directBuffer(BUDGET / 2));
    assertThat(arena.metric().chargedBytes()).isEqualTo(BUDGET);
    assertThatThrownBy(() -> CompletableFuture.runAsync(() -> arena.directBuffer(1)).join())
        .hasCauseInstanceOf(ArenaBudgetExceededException.class);
  }

  @Test
  void childrenCountAgainstTheirParent() {
    ConnectionArena child = arena.newChild();
    ConnectionArena other = arena.newChild();
    keep(child.directBuffer(BUDGET / 2));
    keep(other.directBuffer(BUDGET / 2));
    assertThatThrownBy(() -> child.buffer(1))
        .isInstanceOfSatisfying(
            ArenaBudgetExceededException.class,
            e -> assertThat(e.report()).contains("held: 65536"));
    assertThatThrownBy(() -> arena.buffer(1)).isInstanceOf(ArenaBudgetExceededException.class);
    alive.remove(0).release();
    child.reset();
    keep(arena.directBuffer(BUDGET / 2));
    child.close();
    other.close();
  }

  @Test
  void aFailedChargeOfAParentLeavesTheChildsFigureUnchanged() {
    ConnectionArena child = arena.newChild();
    exhaust();
    for (int i = 0; i < 2 * BUDGET / BLOCK; i++) {
      assertThatThrownBy(() -> child.buffer(1)).isInstanceOf(ArenaBudgetExceededException.class);
    }
    alive.forEach(ByteBuf::release);
    alive.clear();
    arena.reset();
    keep(child.directBuffer(BUDGET));
  }

  @Test
  void afterTheCloseTheBudgetDoesNotLimitAllocation() {
    exhaust();
    arena.close();
    keep(arena.directBuffer(2 * BUDGET));
  }

  @Test
  void aRefusalOnAnotherThreadLeavesNothingBehind() {
    exhaust();
    int blocks = arena.metric().leasedBlocks();
    assertThatThrownBy(() -> CompletableFuture.runAsync(() -> arena.heapBuffer(1)).join())
        .hasCauseInstanceOf(ArenaBudgetExceededException.class);
    assertThat(arena.metric().leasedBlocks()).isEqualTo(blocks);
  }
}
