package dev.tidepool.allocator.threads;

import dev.tidepool.allocator.budget.GlobalBudget;
import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.memory.Upstream;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Has pools, of other event loops too, give back what they hold with nothing alive in it, before an
 * allocation is refused or runs out of memory. Thread-safe.
 */
public final class Reclaiming implements Upstream.LastResort {
  /**
   * How long an allocation waits for the other event loops to trim before an OutOfMemoryError; they
   * answer between two tasks, so it takes so long only if one of them is blocked.
   */
  private static final long WAIT_BEFORE_OUT_OF_MEMORY = TimeUnit.MILLISECONDS.toNanos(500);

  /** How long before a budget refuses what other event loops are about to give back. */
  private static final long WAIT_BEFORE_REFUSAL = TimeUnit.MILLISECONDS.toNanos(100);

  private final LoopRequests requests = new LoopRequests();
  private final Consumer<Consumer<ThreadArenas>> forEach;

  /**
   * @param forEach calls its argument for each event loop and each lane
   */
  Reclaiming(Consumer<Consumer<ThreadArenas>> forEach) {
    this.forEach = forEach;
  }

  /** Here and in the lanes that are free now, on other loops by a task that is waited for. */
  @Override
  public void trimOthers(BlockPool asking) {
    everywhere(loop -> loop.pool() != asking, BlockPool::trimAll, WAIT_BEFORE_OUT_OF_MEMORY);
  }

  /** Has every pool give back, soon, what it holds with nothing alive in it. */
  public void makeRoomSoon() {
    forEach.accept(loop -> loop.pool().makeRoomSoon());
  }

  /**
   * The global budget is about to refuse a block: what others hold for nothing is no reason to.
   * Under pressure they give that back by themselves, so only those are waited for that are about
   * to; else all are.
   */
  public void makeRoom(GlobalBudget budget) {
    if (budget.isPressureKnown()) {
      everywhere(loop -> loop.pool().isAboutToGiveBack(), BlockPool::catchUp, WAIT_BEFORE_REFUSAL);
    } else {
      everywhere(loop -> true, BlockPool::makeRoom, WAIT_BEFORE_REFUSAL);
    }
  }

  /**
   * A connection's own budget is about to refuse a block to another thread than its event loop:
   * what that holds for nothing is no reason to.
   */
  public void makeRoomOn(EventExecutor executor) {
    everywhere(
        loop -> loop.executor() == executor && !loop.ownership().isHeld(),
        BlockPool::makeRoom,
        WAIT_BEFORE_REFUSAL);
  }

  /** See {@link LoopRequests#lockServing}. */
  public void lockServing(Lane lane) {
    requests.lockServing(lane.ownership().lock());
  }

  private void everywhere(
      Predicate<ThreadArenas> which, Consumer<BlockPool> action, long waitNanos) {
    List<ThreadArenas> others = new ArrayList<>();
    forEach.accept(
        loop -> {
          if (which.test(loop)
              && !loop.ownership().tryRun(() -> action.accept(loop.pool()))
              && loop.executor() != null) { // else a lane that another thread is in
            others.add(loop);
          }
        });
    if (!others.isEmpty()) {
      requests.askAndWait(others, action, waitNanos);
    }
  }
}
