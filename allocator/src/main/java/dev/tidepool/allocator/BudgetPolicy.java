package dev.tidepool.allocator;

/** What becomes of an allocation that a budget has no room for. */
public enum BudgetPolicy {
  /**
   * It fails with {@link ArenaBudgetExceededException}, and the connection's handler closes the
   * connection, whoever caught, wrapped or swallowed the exception. The default.
   */
  FAIL,

  /**
   * Reads wait: where there is no memory to read into, reading pauses until there is room again.
   * Every other allocation fails as with {@link #FAIL}.
   */
  PAUSE,

  /**
   * It is served all the same, with memory of its own straight from upstream that no budget counts
   * and that goes back on release. {@code overflowBytes()} says how much there is. Never takes a
   * connection down: for finding out which budgets would do.
   */
  OVERFLOW
}
