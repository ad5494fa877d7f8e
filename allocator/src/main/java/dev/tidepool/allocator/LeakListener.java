package dev.tidepool.allocator;

/** Is told about every leak of a connection, beside the log and {@link ArenaAllocatorMetric}. */
@FunctionalInterface
public interface LeakListener {
  /**
   * A buffer was still alive {@code leakGrace} after its connection's close. Called once for each
   * such buffer, on the connection's event loop (or, if that ended, on some thread of Netty's), so
   * it must not block. What it throws is logged, and stops nothing.
   */
  void leaked(LeakReport report);

  /**
   * A {@link RequestHold} was still open {@code leakGrace} after its connection's close. Called as
   * {@link #leaked} is. Does nothing unless implemented.
   */
  default void holdForgotten(HoldReport report) {}
}
