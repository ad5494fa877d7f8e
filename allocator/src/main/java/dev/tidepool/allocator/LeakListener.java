package dev.tidepool.allocator;

/**
 * A listener to every leak of a connection, beside the log and {@link
 * ArenaAllocatorMetric#leaks()}.
 */
@FunctionalInterface
public interface LeakListener {
  /**
   * A buffer was still alive {@code leakGrace} after its connection's close. Called once for each
   * such buffer, on the connection's event loop (or, if that has ended, on a thread of Netty's), so
   * it must not block. What it throws is logged, and the remaining reports are still made.
   *
   * @param report of the buffer
   */
  void leaked(LeakReport report);

  /**
   * A {@link RequestHold} was still open {@code leakGrace} after its connection's close. Called
   * once for each such hold, on the threads of {@link #leaked}. Does nothing by default.
   *
   * @param report of the hold
   */
  default void holdForgotten(HoldReport report) {}
}
