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

  PoolClock(BlockPool pool, TrimTimer timer) {
    this.pool = pool;
    this.timer = timer;
  }

  /** Ticks from now on, if it does not. For the pool's owner. */
  void start() {
    if (resting && !pool.isClosed()) {
      timer.start(pool);
      resting = false;
    }
  }

  /** Nobody looks from now on, when the owner has drained once more. For the pool's owner. */
  void rest() {
    resting = true;
  }

  /** Any thread. */
  boolean isResting() {
    return resting;
  }
}
