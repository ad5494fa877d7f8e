package dev.tidepool.allocator.threads;

import dev.tidepool.allocator.budget.LoopCredit;
import dev.tidepool.allocator.memory.ArenaHost;
import dev.tidepool.allocator.memory.BlockPool;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A pool without an event loop, and its arenas, which serve the thread that holds the lock. {@link
 * #close} unlocks the lane, for use in a {@code try} statement.
 */
public final class Lane extends ThreadArenas implements AutoCloseable {
  private final int stripe;
  private final ReentrantLock lock; // here too: it is on the way of each buffer

  Lane(int stripe, BlockPool pool, ArenaHost host) {
    super("lane " + stripe, pool, host, null, LoopCredit.NONE);
    this.stripe = stripe;
    this.lock = pool.ownership().lock();
  }

  /** Its index among the {@link Lanes}. */
  public int stripe() {
    return stripe;
  }

  /** Locks the lane, waiting for the lock. */
  public void lock() {
    lock.lock();
  }

  public boolean tryLock() {
    return lock.tryLock();
  }

  /** Unlocks the lane. */
  @Override
  public void close() {
    lock.unlock();
  }
}
