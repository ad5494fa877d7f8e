package dev.tidepool.allocator;

import dev.tidepool.allocator.budget.LoopCredit;
import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.memory.StressOwner;
import dev.tidepool.allocator.memory.TrimTimer;
import dev.tidepool.allocator.memory.Upstream;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Two connections of one event loop, whose thread is the actor that takes it. The other actors use
 * lanes.
 */
final class StressLoop {
  static final int BLOCK = 1024;

  /** Under pressure as soon as a block is held. */
  static final int SOFT_BUDGET = BLOCK / 2;

  private static final ArenaByteBufAllocator WITHOUT_BUDGET = options().build();
  private static final ArenaByteBufAllocator WITH_BUDGET =
      options()
          .softBudget(SOFT_BUDGET)
          .hardBudget(1 << 20)
          .budgetPolicy(BudgetPolicy.PAUSE)
          .build();
  private static final EventExecutor EXECUTOR = ImmediateEventExecutor.INSTANCE;

  final ConnectionArena first;
  final ConnectionArena second;

  /** Tasks sent to the pool's owner and not run yet. */
  final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  private final LoopArenas loop;

  private final class Tasks implements TrimTimer {
    @Override
    public void start(BlockPool pool) {}

    @Override
    public boolean execute(Runnable task) {
      return tasks.add(task);
    }
  }

  StressLoop(boolean budget) {
    ArenaByteBufAllocator shared = budget ? WITH_BUDGET : WITHOUT_BUDGET;
    Upstream upstream = new Upstream(shared.options().get(Options.UPSTREAM));
    BlockPool pool =
        new BlockPool(shared.options().memory(), upstream, new Tasks(), Thread.currentThread());
    loop = new LoopArenas(pool, new SharedArenaHost(shared), EXECUTOR, LoopCredit.NONE);
    first = new ConnectionArena(shared, EXECUTOR, "the first", null);
    second = new ConnectionArena(shared, EXECUTOR, "the second", null);
  }

  private static ArenaByteBufAllocator.Builder options() {
    return ArenaByteBufAllocator.builder()
        .upstream(new UnpooledByteBufAllocator(false, true))
        .minBlockSize(BLOCK)
        .trimInterval(Duration.ZERO);
  }

  /** Makes the calling actor the event loop's thread. */
  void take() {
    StressOwner.take(loop.pool());
  }

  /** Makes a thread that never runs the event loop's thread. */
  void leave() {
    StressOwner.leave(loop.pool());
  }

  /** Gives {@code connection} its arenas, like the event loop's first allocation. */
  void serve(ConnectionArena connection) {
    connection.take(loop);
  }

  /**
   * Hands the first connection's arenas over to the second and back, so many times. In between the
   * second holds a block, and gives it back.
   */
  void handOver(int times) {
    for (int i = 0; i < times; i++) {
      first.resetArenas();
      serve(second);
      second.allocateHeap(16, 16).release();
      second.resetArenas();
      serve(first);
    }
  }

  /** Drains and empties the lanes. */
  void trim() {
    WITH_BUDGET.trim();
    WITHOUT_BUDGET.trim();
  }
}
