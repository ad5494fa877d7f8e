package dev.tidepool.allocator;

/** The policy for an allocation that a budget has no room for. */
public enum BudgetPolicy {
  /**
   * The allocation throws {@link ArenaBudgetExceededException}, and the connection's handler closes
   * the connection even if the exception was caught, wrapped or swallowed. The default.
   */
  FAIL,

  /**
   * Where there is no memory to read into, reading pauses until there is room again. Every other
   * allocation fails as with {@link #FAIL}.
   */
  PAUSE,

  /**
   * The allocation gets memory of its own from upstream, which no budget counts and which goes back
   * on release. {@link ConnectionArenaMetric#overflowBytes()} says how much there is. Budgets close
   * no connection for it: for finding out which budgets suffice.
   */
  OVERFLOW
}
