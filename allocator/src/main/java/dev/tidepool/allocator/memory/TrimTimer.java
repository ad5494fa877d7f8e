package dev.tidepool.allocator.memory;

/**
 * The timer that calls {@link BlockPool#trimTick} every quarter of the trim interval, and the
 * executor of a pool owner's other tasks.
 */
public interface TrimTimer {
  /**
   * Ticks until {@code trimTick} returns false: the pool now has something to trim, or must look
   * whether it has. Called under the pool's ownership, also while it ticks.
   */
  void start(BlockPool pool);

  /** Whether a tick will come. Some timers never tick, and some could not start. */
  default boolean isTicking() {
    return true;
  }

  /**
   * Runs {@code task} soon, on the pool's owner thread or, if it has none, where the task may wait
   * for its lock. Any thread, whatever locks it holds.
   *
   * @return false if it never will
   */
  default boolean execute(Runnable task) {
    return false;
  }
}
