package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connections whose figures other threads read, or that other threads allocate from. */
@Timeout(30)
class ForeignThreadsTest {
  @RegisterExtension final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final EventExecutor loop = new DefaultEventExecutor();
  private final EventExecutor otherLoop = new DefaultEventExecutor();

  @AfterEach
  void endLoops() {
    TestThreads.end(loop);
    TestThreads.end(otherLoop);
  }

  @Test
  void anExecutorWhoseInEventLoopIsAlwaysTrueLeavesNoBlocksBehind() {
    try (ConnectionArena arena =
        guard.allocator().newConnectionArena(ImmediateEventExecutor.INSTANCE)) {
      for (int i = 0; i < 20; i++) {
        TestThreads.run(loop, () -> arena.directBuffer(64).release());
        TestThreads.run(otherLoop, () -> arena.directBuffer(64).release());
      }
      assertThat(arena.metric().leasedBlocks()).isLessThanOrEqualTo(1);
    }
  }

  /** A sort fails if the figures change while it compares them. */
  @Test
  void theHeaviestAreListedWhileFiguresChange() {
    List<ConnectionArena> arenas = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      arenas.add(guard.allocator().newConnectionArena(loop));
    }
    Future<?> changes = loop.submit(() -> useAll(arenas));
    while (!changes.isDone()) {
      assertThat(guard.allocator().heaviest(10)).hasSize(10);
    }
    changes.syncUninterruptibly();
    TestThreads.run(loop, () -> arenas.forEach(ConnectionArena::close));
  }

  private static void useAll(List<ConnectionArena> arenas) {
    for (int round = 0; round < 50; round++) {
      int size = 1 << (round % 10 + 8);
      for (ConnectionArena arena : arenas) {
        arena.directBuffer(size).release();
        if (arena.hashCode() % 3 == round % 3) {
          arena.reset();
        }
      }
    }
  }
}
