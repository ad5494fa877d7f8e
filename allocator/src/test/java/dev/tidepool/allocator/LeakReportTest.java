package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The reports of what is alive {@code leakGrace} after its connection's close: each buffer once.
 */
class LeakReportTest {
  private static final Duration GRACE = Duration.ofMillis(20);

  @RegisterExtension private final CapturedLog log = new CapturedLog();
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final ArenaByteBufAllocator allocator = allocator(GRACE, Checks.FULL);
  private final EventExecutor loop = new DefaultEventExecutor();
  private final ConnectionArena arena = allocator.newConnectionArena(loop, "connection 7");

  @AfterEach
  void endLoop() {
    TestThreads.end(loop);
  }

  private ArenaByteBufAllocator allocator(Duration grace, Checks checks) {
    return guard.another(
        ArenaByteBufAllocator.builder()
            .trimInterval(Duration.ZERO)
            .leakGrace(grace)
            .checks(checks));
  }

  /** Waits until {@code count} leaks are counted, then as long again for surplus ones. */
  private void awaitLeaks(int count) {
    TestThreads.await(count + " leaks", () -> allocator.metric().leaks() >= count);
    TestThreads.run(loop, () -> {});
    assertThat(allocator.metric().leaks()).isEqualTo(count);
    assertThat(log.lines("LEAK:")).hasSize(count);
  }

  /** Waits until everything scheduled for the end of the grace has run. */
  private void awaitEndOfGrace(EventExecutor of) {
    of.schedule(() -> {}, GRACE.toNanos() * 2, TimeUnit.NANOSECONDS).syncUninterruptibly();
  }

  @Test
  void eachLivingBufferIsReportedOnceWithItsStory() {
    List<ByteBuf> leaked = new ArrayList<>();
    TestThreads.run(
        loop,
        () -> {
          arena.buffer(1).release();
          arena.reset(); // the end of request 1
          leaked.add(arena.directBuffer(111));
          arena.buffer(10).release();
          arena.reset();
          leaked.add(arena.heapBuffer(222));
          leaked.add(arena.directBuffer(333_333));
          arena.close();
        });

    awaitLeaks(3);

    List<String> reports = log.lines("LEAK:");
    assertThat(reports).allSatisfy(report -> assertThat(report).contains("connection 7"));
    assertThat(reports)
        .anySatisfy(
            report ->
                assertThat(report)
                    .containsPattern(
                        "a buffer of 111 bytes from request 2 .* [0-9]+\\.[0-9]{3} s after"))
        .anySatisfy(
            report ->
                assertThat(report)
                    .containsPattern(
                        "a buffer of 222 bytes from request 3 .* [0-9]+\\.[0-9]{3} s after"))
        .anySatisfy(
            report -> assertThat(report).contains("a buffer of 333333 bytes from request 3"));
    assertThat(reports).allSatisfy(LeakReportTest::hasAnAgeOfAtLeastTheGrace);
    awaitEndOfGrace(loop);
    assertThat(allocator.metric().leaks()).isEqualTo(3);
    leaked.forEach(ByteBuf::release);
  }

  private static void hasAnAgeOfAtLeastTheGrace(String report) {
    String seconds = report.replaceFirst(".* still alive, ([0-9.]+) s after.*", "$1");
    assertThat(Double.parseDouble(seconds)).isGreaterThanOrEqualTo(GRACE.toMillis() / 1e3);
  }

  @Test
  void aReportedLeakStaysValid() {
    ByteBuf leaked = TestThreads.call(loop, () -> Patterns.fill(arena.buffer(1000), 5));
    arena.close();
    awaitLeaks(1);
    Patterns.check(leaked, 5);
    Patterns.check(leaked.capacity(20_000), 5, 1000);
    leaked.release();
    assertThat(allocator.metric().leaks()).isEqualTo(1);
  }

  @Test
  void nothingIsReportedIfEverythingWasReleased() {
    TestThreads.run(
        loop,
        () -> {
          ByteBuf released = arena.buffer(100);
          ByteBuf inTime = arena.buffer(100);
          arena.reset();
          released.release();
          arena.close();
          inTime.release();
        });
    awaitEndOfGrace(loop);
    assertThat(allocator.metric().leaks()).isZero();
    assertThat(log.lines("LEAK:")).isEmpty();
  }

  @Test
  void nothingIsReportedIfAnotherThreadReleasedItInTime() {
    ByteBuf buffer = TestThreads.call(loop, () -> arena.buffer(100));
    TestThreads.run(
        loop,
        () -> {
          arena.close();
          CompletableFuture.runAsync(buffer::release).join();
        });
    awaitEndOfGrace(loop);
    assertThat(allocator.metric().leaks()).isZero();
  }

  @Test
  void aBufferThatAnotherThreadAllocatedIsReported() {
    ByteBuf leaked = arena.buffer(77);
    arena.close();
    awaitLeaks(1);
    assertThat(log.lines("a buffer of 77 bytes from request 1")).hasSize(1);
    leaked.release();
  }

  @Test
  void aBufferThatGrewIsReportedWithItsSizeNow() {
    List<ByteBuf> leaked = new ArrayList<>();
    TestThreads.run(
        loop,
        () -> {
          leaked.add(arena.buffer(10));
          leaked.add(arena.buffer(20)); // in the way of the first
          leaked.get(0).capacity(5000);
        });
    leaked.get(1).capacity(6000); // on this thread, where it has to move to other memory
    arena.close();
    awaitLeaks(2);
    assertThat(log.lines("a buffer of 5000 bytes from request 1")).hasSize(1);
    assertThat(log.lines("a buffer of 6000 bytes from request 1")).hasSize(1);
    leaked.forEach(ByteBuf::release);
  }

  @Test
  void aChildsLeakIsReportedForItsConnection() {
    ByteBuf leaked =
        TestThreads.call(
            loop,
            () -> {
              ConnectionArena child = arena.newChild();
              ByteBuf buffer = child.buffer(55);
              arena.close();
              return buffer;
            });
    awaitLeaks(1);
    assertThat(log.lines("connection 7: a buffer of 55 bytes from request 1")).hasSize(1);
    leaked.release();
  }

  @Test
  void aChildThatClosesAloneReportsItsOwnLeaks() {
    List<ByteBuf> buffers = new ArrayList<>();
    TestThreads.run(
        loop,
        () -> {
          ConnectionArena child = arena.newChild();
          buffers.add(child.buffer(55));
          buffers.add(arena.buffer(66));
          child.close();
        });
    awaitLeaks(1);
    assertThat(log.lines("a buffer of 66 bytes")).as("its connection is open").isEmpty();
    buffers.forEach(ByteBuf::release);
    arena.close();
  }

  // The event loop ends before the grace

  @ParameterizedTest
  @EnumSource
  void aLeakIsReportedWhenTheLoopEndedBeforeTheGrace(Checks checks) {
    ArenaByteBufAllocator other = allocator(Duration.ofMillis(300), checks);
    EventExecutor shortLived = new DefaultEventExecutor();
    ConnectionArena closedInTime = other.newConnectionArena(shortLived, "connection 8");
    List<ByteBuf> leaked = new ArrayList<>();
    TestThreads.run(
        shortLived,
        () -> {
          leaked.add(closedInTime.directBuffer(88));
          closedInTime.reset();
          leaked.add(closedInTime.heapBuffer(99));
          closedInTime.close();
        });
    TestThreads.end(shortLived);

    TestThreads.await("the reports", () -> other.metric().leaks() == 2);
    assertThat(log.lines("connection 8: a buffer of 88 bytes from request 1")).hasSize(1);
    assertThat(log.lines("connection 8: a buffer of 99 bytes from request 2")).hasSize(1);
    leaked.forEach(ByteBuf::release);
  }

  @ParameterizedTest
  @EnumSource
  void aLeakIsReportedWhenTheLoopEndedBeforeTheClose(Checks checks) {
    ArenaByteBufAllocator other = allocator(GRACE, checks);
    EventExecutor shortLived = new DefaultEventExecutor();
    ConnectionArena closedLate = other.newConnectionArena(shortLived, "connection 9");
    ByteBuf leaked = TestThreads.call(shortLived, () -> closedLate.buffer(88));
    TestThreads.end(shortLived);
    closedLate.close();

    TestThreads.await("the report", () -> other.metric().leaks() == 1);
    assertThat(log.lines("connection 9: a buffer of 88 bytes from request 1")).hasSize(1);
    leaked.release();
  }

  @ParameterizedTest
  @EnumSource
  void aLeakIsReportedWhenTheConnectionClosedAsTheLoopEnded(Checks checks) {
    ArenaByteBufAllocator other = allocator(GRACE, checks);
    EventExecutor shortLived = new DefaultEventExecutor();
    ConnectionArena arenaOfIt = other.newConnectionArena(shortLived, "connection 10");
    ByteBuf leaked = TestThreads.call(shortLived, () -> arenaOfIt.buffer(88));
    TestThreads.run(
        shortLived,
        () -> {
          shortLived.shutdownGracefully(0, 0, TimeUnit.SECONDS);
          arenaOfIt.close();
        });
    TestThreads.end(shortLived);

    TestThreads.await("the report", () -> other.metric().leaks() == 1);
    assertThat(log.lines("connection 10: a buffer of 88 bytes from request 1")).hasSize(1);
    leaked.release();
  }
}
