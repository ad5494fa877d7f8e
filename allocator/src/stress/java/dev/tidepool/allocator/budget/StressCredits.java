package dev.tidepool.allocator.budget;

import dev.tidepool.allocator.os.DaemonThread;
import java.util.concurrent.ScheduledExecutorService;

/** Global budgets with credits of loops, without an allocator. */
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

  private static final ScheduledExecutorService WAKER = DaemonThread.executor("waker");

  private StressCredits() {}

  static GlobalBudget budget(long limit) {
    return new GlobalBudget(new CreditedAccount(limit, limit / 2), NOBODY, WAKER);
  }

  /** The credit of a loop that has {@code unused} of it. */
  static LoopCredit credit(GlobalBudget budget, int unused) {
    LoopCredit credit = budget.newCredit();
    budget.charge(credit, 1);
    budget.uncharge(credit, 1); // opens it
    budget.charge(credit, unused);
    budget.uncharge(credit, unused);
    return credit;
  }
}
