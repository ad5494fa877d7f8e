package dev.tidepool.allocator;

/**
 * A connection would hold more memory than its hard budget allows. The allocation did not happen.
 */
public final class ArenaBudgetExceededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long budget;
  private final long held;
  private final long asked;

  ArenaBudgetExceededException(Object connection, long budget, long held, long asked) {
    super(
        "budget of %s exceeded: hardBudget: %d bytes, held: %d, asked for: %d (expected: held + asked <= hardBudget)"
            .formatted(connection, budget, held, asked));
    this.budget = budget;
    this.held = held;
    this.asked = asked;
  }

  /** The hard budget, in bytes. */
  public long budget() {
    return budget;
  }

  /** Bytes of the blocks that the connection held. */
  public long held() {
    return held;
  }

  /** Bytes of the block that it asked for. */
  public long asked() {
    return asked;
  }
}
