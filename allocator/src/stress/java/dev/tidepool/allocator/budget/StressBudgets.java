package dev.tidepool.allocator.budget;

/** Budgets that belong to no connection. */
final class StressBudgets {
  private StressBudgets() {}

  static Budget of(long soft, long hard) {
    return new Budget(soft, hard, null, null, () -> {});
  }
}
