package dev.tidepool.allocator.budget;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

@JCStressTest
@Description("After all charges and uncharges the pressure agrees with the figure.")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "Off below low water, on above soft.")
@Outcome(expect = FORBIDDEN, desc = "Stays on: no read goes on. Or off: all reads do.")
@State
public class BudgetPressureStress {
  private final Budget ebbing = StressBudgets.of(100, 1000);
  private final Budget rising = StressBudgets.of(100, 1000);

  public BudgetPressureStress() {
    ebbing.charge(LoopCredit.NONE, 90);
    rising.charge(LoopCredit.NONE, 90);
  }

  @Actor
  public void one() {
    ebbing.charge(LoopCredit.NONE, 20);
    rising.charge(LoopCredit.NONE, 120);
  }

  @Actor
  public void other() {
    ebbing.uncharge(LoopCredit.NONE, 90);
    rising.uncharge(LoopCredit.NONE, 90);
  }

  @Arbiter
  public void end(ZZ_Result result) {
    result.r1 = ebbing.isUnderPressure();
    result.r2 = rising.isUnderPressure();
  }
}
