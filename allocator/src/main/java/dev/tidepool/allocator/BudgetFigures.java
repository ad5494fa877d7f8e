package dev.tidepool.allocator;

/** A budget as reports name it. */
interface BudgetFigures {
  long limit();

  /** Bytes of the blocks that count against it: {@code 0 <= charged <= limit}. */
  long charged();
}
