package dev.tidepool.allocator.budget;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZJ_Result;

@JCStressTest
@Description("Credit on its way back refuses nothing: two charges that fill the limit both fit.")
@Outcome(id = "true, true, 1000", expect = ACCEPTABLE, desc = "Each as if it were alone.")
@Outcome(expect = FORBIDDEN, desc = "One did not see what another thread was giving back.")
@State
public class CreditOnItsWayStress {
  private final GlobalBudget budget = StressCredits.budget(1000);
  private final LoopCredit idle = StressCredits.credit(budget, 80);

  public CreditOnItsWayStress() {
    StressCredits.credit(budget, 80);
    budget.charge(LoopCredit.NONE, 700);
  }

  @Actor
  public void one(ZZJ_Result result) {
    result.r1 = budget.charge(LoopCredit.NONE, 150);
  }

  @Actor
  public void other(ZZJ_Result result) {
    idle.giveBack();
    result.r2 = budget.charge(LoopCredit.NONE, 150);
  }

  @Arbiter
  public void end(ZZJ_Result result) {
    result.r3 = budget.account().charged();
  }
}
