package dev.tidepool.allocator.budget;

/** A budget as reports name it. */
public interface BudgetFigures {
  long limit();

  /** Bytes of the blocks that count against it: {@code 0 <= charged <= limit}. */
  long charged();
}
