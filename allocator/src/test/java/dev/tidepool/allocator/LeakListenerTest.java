package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The leak listener: it is told of each leak, in any pool, and cannot break the allocator. */
class LeakListenerTest {
  @RegisterExtension private final CapturedLog log = new CapturedLog();
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final EventLoopGroup group = EventLoops.nio(1);
  private final SingleThreadEventExecutor loop = (SingleThreadEventExecutor) group.next();
  private final List<LeakReport> reports = new CopyOnWriteArrayList<>();
  private final List<ByteBuf> leaked = new ArrayList<>();

  @AfterEach
  void endLoop() {
    leaked.forEach(ByteBuf::release);
    TestThreads.end(group);
  }

  private ArenaByteBufAllocator allocator(LeakListener listener) {
    return guard.another(
        ArenaByteBufAllocator.builder()
            .trimInterval(Duration.ZERO)
            .leakGrace(Duration.ofMillis(1))
            .checks(Checks.FULL)
            .leakListener(listener));
  }

  private void awaitLeaks(ArenaByteBufAllocator of, int count) {
    TestThreads.await(count + " leaks", () -> of.metric().leaks() >= count);
    TestThreads.run(loop, () -> {});
    assertThat(of.metric().leaks()).isEqualTo(count);
    assertThat(log.lines("LEAK:")).hasSize(count);
  }

  @Test
  void leaksOfTheLoopOfOtherThreadsAndOfTheLoopsFormerThreadAreReported() {
    assumeTrue(EventLoops.haveIoHandlers(), "loops of Netty 4.1 cannot be suspended");
    ArenaByteBufAllocator allocator = allocator(reports::add);
    ConnectionArena arena = allocator.newConnectionArena(loop, "connection 7");
    TestThreads.run(loop, () -> leaked.add(arena.directBuffer(11)));
    Thread[] before = new Thread[1];
    TestThreads.run(loop, () -> before[0] = Thread.currentThread());
    TestThreads.await("suspension", loop::trySuspend);
    TestThreads.await("the thread's end", () -> !before[0].isAlive());
    TestThreads.run(
        loop,
        () -> {
          leaked.add(arena.directBuffer(22));
          arena.reset();
          leaked.add(arena.heapBuffer(33));
          arena.reset();
        });
    leaked.add(arena.directBuffer(44));
    arena.close();

    awaitLeaks(allocator, 4);

    assertThat(reports).extracting(LeakReport::capacity).containsExactlyInAnyOrder(11, 22, 33, 44);
    assertThat(reports).extracting(LeakReport::request).containsExactly(1, 1, 2, 3);
    assertThat(reports).extracting(LeakReport::connection).containsOnly("connection 7");
    assertThat(reports).extracting(LeakReport::age).isSortedAccordingTo((a, b) -> b.compareTo(a));
  }

  @Test
  void aThrowingListenerIsLoggedAndStopsNothing() {
    ArenaByteBufAllocator allocator =
        allocator(
            report -> {
              reports.add(report);
              throw new IllegalStateException("thrown on purpose");
            });
    ConnectionArena arena = allocator.newConnectionArena(loop, "connection 7");
    TestThreads.run(
        loop,
        () -> {
          for (int i = 0; i < 3; i++) {
            leaked.add(arena.buffer(10));
          }
          arena.close();
        });
    awaitLeaks(allocator, 3);
    assertThat(reports).hasSize(3);
    assertThat(log.lines("IllegalStateException: thrown on purpose")).hasSize(3);
    assertThat(log.lines("leakListener failed on a leak of connection 7")).hasSize(3);
  }

  @Test
  void aListenerMayAllocateReleaseLeaksAndOpenAndCloseConnections() {
    ArenaByteBufAllocator[] itself = new ArenaByteBufAllocator[1];
    ArenaByteBufAllocator allocator =
        allocator(
            report -> {
              reports.add(report);
              leaked.forEach(ByteBuf::release); // all of them, while they are being reported
              leaked.clear();
              itself[0].directBuffer(100).release();
              ConnectionArena another = itself[0].newConnectionArena(loop, "another");
              another.directBuffer(100).release();
              another.close();
            });
    itself[0] = allocator;
    ConnectionArena arena = allocator.newConnectionArena(loop, "connection 7");
    TestThreads.run(
        loop,
        () -> {
          for (int i = 0; i < 3; i++) {
            leaked.add(arena.directBuffer(10_000));
          }
        });
    leaked.add(arena.heapBuffer(10));
    arena.close();
    awaitLeaks(allocator, 4);
    assertThat(reports).hasSize(4);
    TestThreads.run(loop, allocator::trim); // drains what other threads released
    assertThat(arena.metric().leasedBlocks()).isZero();
  }
}
