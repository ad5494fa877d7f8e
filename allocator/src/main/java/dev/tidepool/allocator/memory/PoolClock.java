package dev.tidepool.allocator.memory;

/**
 * The state of a pool's clock: ticking or resting. While it ticks, the next tick finds what other
 * threads released. While it rests, a thread that releases a buffer wakes the owner.
 *
 * <p>This is Dekker's store-load pattern, as in {@link BlockPool#released}. The owner writes {@code
 * resting}, then drains once more; another thread pushes its handle, then reads {@code resting}.
 * Each of the four is a volatile access or an atomic read-modify-write, so either the drain finds
 * the handle or its releaser finds the clock at rest. A closed pool's clock rests for good.
 */
final class PoolClock {
  private final BlockPool pool;
  private final TrimTimer timer;
  private volatile boolean resting = true;

  /** Since it last rested, even if the timer does not tick. Owner only. */
  private boolean started;

  PoolClock(BlockPool pool, TrimTimer timer) {
    this.pool = pool;
    this.timer = timer;
  }

  /** Starts the clock if it rests. For the pool's owner. */
  void start() {
    if (resting && !pool.isClosed()) {
      started = true;
      timer.start(pool);
      if (timer.isTicking()) {
        resting = false; // else releasing threads wake the owner, as no tick will come
      }
    }
  }

  /** Rests the clock. The owner drains once more after this. For the pool's owner. */
  void rest() {
    started = false;
    resting = true;
  }

  boolean isStarted() {
    return started;
  }

  /** Whether releasing threads must wake the owner, as no tick will come. Any thread. */
  boolean isResting() {
    return resting;
  }
}
