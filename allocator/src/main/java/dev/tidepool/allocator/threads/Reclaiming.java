package dev.tidepool.allocator.threads;

import dev.tidepool.allocator.budget.GlobalBudget;
import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.memory.Upstream;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The reclaiming of blocks without living buffers, on other event loops too, before an allocation
 * is refused or runs out of memory. Thread-safe.
 */
public final class Reclaiming implements Upstream.LastResort {
  /**
   * The longest time an allocation waits for other event loops to trim before an OutOfMemoryError.
   * Loops answer between two tasks, so it takes this long only if one is blocked.
   */
  private static final long WAIT_BEFORE_OUT_OF_MEMORY = TimeUnit.MILLISECONDS.toNanos(500);

  /** The longest time an allocation waits for other event loops before a budget refuses it. */
  private static final long WAIT_BEFORE_REFUSAL = TimeUnit.MILLISECONDS.toNanos(100);

  private final LoopRequests requests = new LoopRequests();
  private final Consumer<Consumer<ThreadArenas>> forEach;

  /**
   * @param forEach calls its argument for each event loop and each lane
   */
  Reclaiming(Consumer<Consumer<ThreadArenas>> forEach) {
    this.forEach = forEach;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Trims here and in free lanes at once, on other loops by a task, which it waits for.
   */
  @Override
  public void trimOthers(BlockPool asking) {
    everywhere(loop -> loop.pool() != asking, BlockPool::trimAll, WAIT_BEFORE_OUT_OF_MEMORY);
  }

  /** Has every pool give back its blocks without living buffers, soon. */
  public void makeRoomSoon() {
    forEach.accept(loop -> loop.pool().makeRoomSoon());
  }

  /**
   * Reclaims empty blocks everywhere before the global budget refuses one. Under pressure the loops
   * give theirs back by themselves, so this waits only for those about to; otherwise it waits for
   * all.
   */
  public void makeRoom(GlobalBudget budget) {
    if (budget.isPressureKnown()) {
      everywhere(loop -> loop.pool().isAboutToGiveBack(), BlockPool::catchUp, WAIT_BEFORE_REFUSAL);
    } else {
      everywhere(loop -> true, BlockPool::makeRoom, WAIT_BEFORE_REFUSAL);
    }
  }

  /**
   * Reclaims empty blocks on {@code executor} before a connection's own budget refuses one to
   * another thread.
   */
  public void makeRoomOn(EventExecutor executor) {
    everywhere(
        loop -> loop.executor() == executor && !loop.ownership().isHeld(),
        BlockPool::makeRoom,
        WAIT_BEFORE_REFUSAL);
  }

  /** A lane's lock. An event loop that waits for it serves requests meanwhile. */
  ReentrantLock newLaneLock() {
    return new LaneLock(requests);
  }

  private void everywhere(
      Predicate<ThreadArenas> which, Consumer<BlockPool> action, long waitNanos) {
    List<ThreadArenas> others = new ArrayList<>();
    forEach.accept(
        loop -> {
          if (which.test(loop)
              && !loop.ownership().tryRun(() -> action.accept(loop.pool()))
              && loop.executor() != null) { // else a lane that another thread holds
            others.add(loop);
          }
        });
    if (!others.isEmpty()) {
      requests.askAndWait(others, action, waitNanos);
    }
  }
}
