package dev.tidepool.allocator.budget;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZJZ_Result;

@JCStressTest
@Description("A charge near the limit, while the loop that has the bytes uncharges them.")
@Outcome(id = "true, 200, true", expect = ACCEPTABLE, desc = "The charge came last.")
@Outcome(id = "false, 100, true", expect = ACCEPTABLE, desc = "The charge came first.")
@Outcome(expect = FORBIDDEN, desc = "Bytes were lost, or count twice.")
@State
public class CreditReturnStress {
  private final GlobalBudget budget = StressCredits.budget(200);
  private final LoopCredit loop = StressCredits.credit(budget, 60);

  public CreditReturnStress() {
    budget.charge(loop, 60);
    budget.charge(LoopCredit.NONE, 100);
  }

  @Actor
  public void another(ZJZ_Result result) {
    result.r1 = budget.charge(LoopCredit.NONE, 100);
  }

  @Actor
  public void loop() {
    budget.uncharge(loop, 60);
  }

  @Arbiter
  public void end(ZJZ_Result result) {
    result.r2 = budget.account().charged();
    result.r3 = budget.charge(LoopCredit.NONE, (int) (200 - result.r2));
  }
}
