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
@Description("A charge that is too large fails, and never makes another one fail that fits.")
@Outcome(id = "false, true, 160", expect = ACCEPTABLE, desc = "Each as if it were alone.")
@Outcome(expect = FORBIDDEN, desc = "The large one counted, for a moment or for good.")
@State
public class BudgetLimitStress {
  private final Budget budget = StressBudgets.of(100, 200);

  public BudgetLimitStress() {
    budget.charge(LoopCredit.NONE, 60);
  }

  @Actor
  public void tooLarge(ZZJ_Result result) {
    result.r1 = budget.charge(LoopCredit.NONE, 150);
  }

  @Actor
  public void fitting(ZZJ_Result result) {
    result.r2 = budget.charge(LoopCredit.NONE, 100);
  }

  @Arbiter
  public void end(ZZJ_Result result) {
    result.r3 = budget.charged();
  }
}
