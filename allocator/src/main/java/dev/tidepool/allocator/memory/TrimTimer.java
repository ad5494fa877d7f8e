package dev.tidepool.allocator.memory;

/**
 * Sees to it that {@link BlockPool#trimTick} is called, every quarter of the trim interval; and
 * runs what else a pool's owner is to do.
 */
public interface TrimTimer {
  /**
   * The pool has something to trim now, where it had nothing, or is to look whether it has: ticks
   * until {@code trimTick} answers false. Called under the pool's ownership, while it ticks too.
   */
  void start(BlockPool pool);

  /** Whether a tick is to come: there are timers that never tick, and some that could not start. */
  default boolean isTicking() {
    return true;
  }

  /**
   * Runs {@code task} soon, on the pool's owner thread or, if it has none, where its lock may be
   * waited for. Any thread, with whatever locks in hand.
   *
   * @return false if it never will
   */
  default boolean execute(Runnable task) {
    return false;
  }
}
