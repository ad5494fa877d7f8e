package dev.tidepool.allocator.budget;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

@JCStressTest
@Description("A read that begins to wait while the last bytes are given back does not wait for good.")
@Outcome(id = "false", expect = ACCEPTABLE, desc = "There is room, and it is told so.")
@Outcome(expect = FORBIDDEN, desc = "It waits for a release that is over.")
@State
public class BudgetAwaitStress {
  private final Budget budget = StressBudgets.of(200, 200);

  public BudgetAwaitStress() {
    budget.charge(LoopCredit.NONE, 200);
  }

  @Actor
  public void reader() {
    budget.awaitRoom();
  }

  @Actor
  public void releaser() {
    budget.uncharge(LoopCredit.NONE, 200);
  }

  @Arbiter
  public void end(Z_Result result) {
    result.r1 = budget.isUnderPressure();
  }
}
