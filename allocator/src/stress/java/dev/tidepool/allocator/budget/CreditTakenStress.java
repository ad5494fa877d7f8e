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
@Description("A charge takes another loop's credit while that loop charges by it.")
@Outcome(id = "true, false, 200", expect = ACCEPTABLE, desc = "The account's charge was first.")
@Outcome(id = "false, true, 160", expect = ACCEPTABLE, desc = "The loop's charge was first.")
@Outcome(expect = FORBIDDEN, desc = "Both count, above the limit; or one refused the other.")
@State
public class CreditTakenStress {
  private final GlobalBudget budget = StressCredits.budget(200);
  private final LoopCredit loop = StressCredits.credit(budget, 60);

  public CreditTakenStress() {
    budget.charge(LoopCredit.NONE, 100);
  }

  @Actor
  public void another(ZZJ_Result result) {
    result.r1 = budget.charge(LoopCredit.NONE, 100);
  }

  @Actor
  public void loop(ZZJ_Result result) {
    result.r2 = budget.charge(loop, 60);
  }

  @Arbiter
  public void end(ZZJ_Result result) {
    result.r3 = budget.account().charged();
  }
}
