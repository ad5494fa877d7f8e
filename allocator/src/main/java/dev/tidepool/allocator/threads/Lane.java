package dev.tidepool.allocator.threads;

import dev.tidepool.allocator.budget.LoopCredit;
import dev.tidepool.allocator.memory.ArenaHost;
import dev.tidepool.allocator.memory.BlockPool;

/**
 * A pool without an event loop, and its arenas: they serve the thread that holds the lock. Closing
 * a lane unlocks it, so that a {@code try} statement holds it.
 */
public final class Lane extends ThreadArenas implements AutoCloseable {
  private final int stripe;

  Lane(int stripe, BlockPool pool, ArenaHost host) {
    super(pool, host, null, LoopCredit.NONE);
    this.stripe = stripe;
  }

  /** Its place among the {@link Lanes}. */
  public int stripe() {
    return stripe;
  }

  /** Waits for the lock. */
  public void lock() {
    ownership().lock().lock();
  }

  public boolean tryLock() {
    return ownership().lock().tryLock();
  }

  /** Unlocks it. */
  @Override
  public void close() {
    ownership().lock().unlock();
  }
}
