package dev.tidepool.allocator;

/** Global budgets with loops' credit, that belong to no allocator. */
final class StressCredits {
  private static final GlobalBudget.Pressure NOBODY =
      new GlobalBudget.Pressure() {
        @Override
        public void began() {}

        @Override
        public void makeRoom() {}

        @Override
        public void goesOn() {}
      };

  private StressCredits() {}

  static GlobalBudget budget(long limit) {
    return new GlobalBudget(new CreditedAccount(limit, limit / 2), NOBODY);
  }

  /** That of a loop that has {@code unused} of it. */
  static LoopCredit credit(GlobalBudget budget, int unused) {
    LoopCredit credit = budget.newCredit();
    budget.charge(credit, 1);
    budget.uncharge(credit, 1); // opens it
    budget.charge(credit, unused);
    budget.uncharge(credit, unused);
    return credit;
  }
}
