package dev.tidepool.allocator.budget;

/** The figures of a budget, for reports. */
public interface BudgetFigures {
  long limit();

  /** Bytes of the blocks that count against it: {@code 0 <= charged <= limit}. */
  long charged();
}
