package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The move of a connection to another event loop, which its open request moves to as well. */
class ArenaMoveTest {
  private static final Duration GRACE = Duration.ofMillis(20);
  private static final int BLOCK = 4096;

  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.FULL);

  private final ArenaByteBufAllocator allocator =
      guard.another(
          ArenaByteBufAllocator.builder()
              .trimInterval(Duration.ZERO)
              .leakGrace(GRACE)
              .minBlockSize(BLOCK)
              .hardBudget(4 * BLOCK));
  private final EventExecutor from = new DefaultEventExecutor();
  private final EventExecutor to = new DefaultEventExecutor();
  private final ConnectionArena before = allocator.newConnectionArena(from, "a connection");
  private final List<String> ran = new CopyOnWriteArrayList<>();

  @AfterEach
  void end() {
    TestThreads.end(from);
    TestThreads.end(to);
    assertThat(allocator.metric().openArenas()).isZero();
  }

  private ConnectionArena move() {
    ConnectionArena moved = TestThreads.call(to, () -> before.moveTo(to));
    TestThreads.run(from, () -> {});
    return moved;
  }

  private void awaitEndOfGrace() {
    TestThreads.run(from, () -> {});
    from.schedule(() -> {}, GRACE.toNanos() * 2, TimeUnit.NANOSECONDS).syncUninterruptibly();
    TestThreads.run(from, () -> {});
  }

  @Test
  void buffersOfTheOldArenaAreNoLeakBeforeTheConnectionEnds() {
    ByteBuf halfAFrame = TestThreads.call(from, () -> Patterns.fill(before.buffer(100), 1));
    ConnectionArena after = move();
    assertThat(allocator.metric().openArenas()).isEqualTo(1);
    awaitEndOfGrace();
    assertThat(allocator.metric().leaks()).isZero();
    after.close();
    before.close();
    TestThreads.await("the leak", () -> allocator.metric().leaks() == 1);
    Patterns.check(halfAFrame, 1);
    halfAFrame.release();
  }

  /** The old arena may still be asked before its loop has come to retire it. */
  @Test
  void untilItRetiresTheOldArenaGivesItsOwnEmptyBlocksBackBeforeARefusal() {
    TestThreads.run(
        from,
        () -> {
          before.directBuffer(BLOCK - 100).release();
          ConnectionArena after = TestThreads.call(to, () -> before.moveTo(to));
          before.directBuffer(4 * BLOCK).release();
          after.close();
        });
    before.close();
  }

  @Test
  void callbacksAndHoldsMoveToTheNewArena() {
    TestThreads.run(
        from, () -> before.onReset(() -> ran.add("on the new loop: " + to.inEventLoop())));
    RequestHold hold = before.hold();
    ConnectionArena after = move();
    assertThat(ran).isEmpty();
    assertThat(after.isHeld()).isTrue();
    after.unheldListener(() -> ran.add("unheld on the new loop: " + to.inEventLoop()));
    hold.close();
    TestThreads.run(to, () -> {});
    assertThat(ran).containsExactly("unheld on the new loop: true");
    before.reset(); // on the old arena, whose request has moved to the new one
    TestThreads.run(from, () -> {});
    TestThreads.run(to, () -> {});
    assertThat(ran).containsExactly("unheld on the new loop: true", "on the new loop: true");
    after.close();
    before.close();
  }

  @Test
  void aForgottenHoldIsReportedOnce() {
    var forgotten = before.hold();
    ConnectionArena after = move();
    after.close();
    before.close();
    TestThreads.await("the report", () -> allocator.metric().leaks() == 1);
    awaitEndOfGrace();
    assertThat(allocator.metric().leaks()).isEqualTo(1);
    forgotten.close();
  }

  @Test
  void theBudgetCountsTheBlocksOfBothArenas() {
    ByteBuf old = TestThreads.call(from, () -> before.buffer(2 * BLOCK));
    ConnectionArena after = move();
    ByteBuf young = TestThreads.call(to, () -> after.buffer(2 * BLOCK));
    assertThatThrownBy(() -> TestThreads.call(to, () -> after.buffer(BLOCK)))
        .isInstanceOf(ArenaBudgetExceededException.class);
    TestThreads.run(from, old::release);
    TestThreads.run(to, () -> after.buffer(BLOCK).release());
    TestThreads.run(to, young::release);
    after.close();
    before.close();
  }

  @Test
  void aMoveToTheSameLoopReturnsTheSameArena() {
    assertThat(TestThreads.<ConnectionArena>call(from, () -> before.moveTo(from))).isSameAs(before);
    before.close();
  }

  @Test
  void aClosedArenaCannotMove() {
    before.close();
    TestThreads.run(from, () -> {});
    assertThatThrownBy(() -> before.moveTo(to))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("moveTo: arena of a connection, closed: true");
  }

  @Test
  void childrenRetireWithTheArenaAndCloseWithTheConnection() {
    ConnectionArena child = TestThreads.call(from, before::newChild);
    ByteBuf alive = TestThreads.call(from, () -> Patterns.fill(child.buffer(10), 1));
    ConnectionArena after = move();
    assertThat(child.isClosed()).isTrue();
    awaitEndOfGrace();
    assertThat(allocator.metric().leaks()).isZero();
    after.close();
    before.close();
    TestThreads.await("the leak", () -> allocator.metric().leaks() == 1);
    alive.release();
  }
}
