package dev.tidepool.allocator.memory;

/**
 * Whether a pool's clock ticks, which is what threads that release its buffers have to know: while
 * it does, what they push is found by the next tick; while it rests, nobody looks, and they wake
 * the owner.
 *
 * <p>It is Dekker's pattern, as in {@link BlockPool#released}. The owner says that it rests, then
 * drains once more; the other thread pushes its handle, then reads whether the owner rests. Each of
 * the four is a volatile access or an atomic read-modify-write, so either the drain finds the
 * handle or its releaser finds the owner at rest. A closed pool rests for good.
 */
final class PoolClock {
  private final BlockPool pool;
  private final TrimTimer timer;
  private volatile boolean resting = true;

  /** Since it last rested; whether the timer ticks is another question. Owner only. */
  private boolean started;

  PoolClock(BlockPool pool, TrimTimer timer) {
    this.pool = pool;
    this.timer = timer;
  }

  /** Ticks from now on, if it does not. For the pool's owner. */
  void start() {
    if (resting && !pool.isClosed()) {
      started = true;
      timer.start(pool);
      if (timer.isTicking()) {
        resting = false; // else releasing threads wake the owner, as there is no tick to come
      }
    }
  }

  /** Nobody looks from now on, when the owner has drained once more. For the pool's owner. */
  void rest() {
    started = false;
    resting = true;
  }

  boolean isStarted() {
    return started;
  }

  /** Any thread. Also if it is started, but the timer does not tick. */
  boolean isResting() {
    return resting;
  }
}
