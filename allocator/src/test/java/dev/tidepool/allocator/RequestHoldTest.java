package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Holds, which keep a request open, and the reports of forgotten ones. */
class RequestHoldTest {
  private static final Duration GRACE = Duration.ofMillis(20);

  @RegisterExtension private final CapturedLog log = new CapturedLog();
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.FULL);

  private final List<HoldReport> reports = new CopyOnWriteArrayList<>();
  private final EventExecutor loop = new DefaultEventExecutor();
  private ArenaByteBufAllocator allocator = allocator(Recording.OFF);
  private ConnectionArena arena = allocator.newConnectionArena(loop, "connection 7");

  private ArenaByteBufAllocator allocator(Recording recording) {
    return guard.another(
        ArenaByteBufAllocator.builder()
            .trimInterval(Duration.ZERO)
            .leakGrace(GRACE)
            .recording(recording)
            .leakListener(
                new LeakListener() {
                  @Override
                  public void leaked(LeakReport report) {
                    throw new AssertionError("no buffer leaks here: " + report);
                  }

                  @Override
                  public void holdForgotten(HoldReport report) {
                    reports.add(report);
                  }
                }));
  }

  @AfterEach
  void end() {
    arena.close();
    TestThreads.end(loop);
  }

  private void awaitEndOfGrace() {
    TestThreads.run(loop, () -> {});
    loop.schedule(() -> {}, GRACE.toNanos() * 2, TimeUnit.NANOSECONDS).syncUninterruptibly();
    TestThreads.run(loop, () -> {});
  }

  @Test
  void theArenaIsHeldUntilTheLastHoldIsClosed() {
    TestThreads.run(
        loop,
        () -> {
          RequestHold one = arena.hold();
          RequestHold other = arena.hold();
          assertThat(arena.isHeld()).isTrue();
          one.close();
          assertThat(arena.isHeld()).isTrue();
          one.close(); // a second close does nothing
          assertThat(arena.isHeld()).isTrue();
          other.close();
          assertThat(arena.isHeld()).isFalse();
        });
  }

  @Test
  void anotherThreadsCloseComesAfterItsEarlierTasks() {
    List<String> order = new CopyOnWriteArrayList<>();
    arena.unheldListener(() -> order.add("unheld, on the event loop: " + loop.inEventLoop()));
    RequestHold hold = arena.hold();
    loop.execute(() -> order.add("the answer, held: " + arena.isHeld()));
    hold.close();
    TestThreads.run(loop, () -> {});
    assertThat(order).containsExactly("the answer, held: true", "unheld, on the event loop: true");
    assertThat(arena.isHeld()).isFalse();
  }

  @Test
  void aDirectResetAndACloseDoNotWaitForAHold() {
    TestThreads.run(
        loop,
        () -> {
          RequestHold hold = arena.hold();
          arena.buffer(10).release();
          arena.reset();
          assertThat(arena.metric().resets()).isEqualTo(1);
          arena.close();
          assertThat(arena.metric().resets()).isEqualTo(2);
          hold.close();
        });
    awaitEndOfGrace();
    assertThat(allocator.metric().leaks()).isZero();
  }

  @Test
  void aForgottenHoldIsReportedOnceAfterTheConnectionsClose() {
    TestThreads.run(
        loop,
        () -> {
          arena.buffer(10).release();
          arena.reset();
          arena.hold().close();
          var forgotten = arena.hold();
          assertThat(arena.dump()).contains("a hold of request 2 is still open");
          arena.close();
          assertThat(forgotten.toString()).contains("request 2, open");
        });
    TestThreads.await("the report", () -> allocator.metric().leaks() == 1);
    awaitEndOfGrace();
    assertThat(allocator.metric().leaks()).isEqualTo(1);
    assertThat(reports).hasSize(1);
    assertThat(reports.get(0).connection()).isEqualTo("connection 7");
    assertThat(reports.get(0).request()).isEqualTo(2);
    assertThat(reports.get(0).age()).isGreaterThanOrEqualTo(GRACE);
    assertThat(reports.get(0).takenAt()).isNull();
    assertThat(log.lines("LEAK: connection 7: a hold of request 2 is still open"))
        .singleElement()
        .satisfies(line -> assertThat(line).contains("-Ddev.tidepool.recording"));
  }

  @Test
  void withRecordingAHoldsReportHasTheLine() {
    allocator = allocator(Recording.ALL);
    ConnectionArena recorded = allocator.newConnectionArena(loop, "connection 8");
    TestThreads.run(
        loop,
        () -> {
          recorded.hold();
          recorded.close();
        });
    TestThreads.await("the report", () -> reports.size() == 1);
    assertThat(reports.get(0).takenAt().line().getClassName()).isEqualTo(getClass().getName());
    assertThat(log.lines("taken at")).hasSize(1);
  }

  @Test
  void aHoldOnAClosedArenaHasNoEffect() {
    arena.close();
    TestThreads.run(loop, () -> {});
    RequestHold hold = arena.hold();
    assertThat(arena.isHeld()).isFalse();
    hold.close();
    awaitEndOfGrace();
    assertThat(allocator.metric().leaks()).isZero();
  }
}
