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
@Description("Pressure agrees with the figure though a loop uncharges to its credit meanwhile.")
@Outcome(id = "true, 0, false", expect = ACCEPTABLE, desc = "On above high water, else off.")
@Outcome(expect = FORBIDDEN, desc = "A loop has credit under pressure; or it stays on, or off.")
@State
public class CreditPressureStress {
  private final GlobalBudget rising = StressCredits.budget(200);
  private final LoopCredit ofRising = StressCredits.credit(rising, 90);
  private final GlobalBudget ebbing = StressCredits.budget(200);
  private final LoopCredit ofEbbing = StressCredits.credit(ebbing, 90);

  public CreditPressureStress() {
    rising.charge(ofRising, 90);
    ebbing.charge(ofEbbing, 90);
  }

  @Actor
  public void another() {
    rising.charge(LoopCredit.NONE, 110);
    ebbing.charge(LoopCredit.NONE, 110);
  }

  @Actor
  public void loop() {
    rising.uncharge(ofRising, 20);
    ebbing.uncharge(ofEbbing, 90);
  }

  @Arbiter
  public void end(ZJZ_Result result) {
    result.r1 = rising.isUnderPressure();
    result.r2 = ofRising.unused();
    result.r3 = ebbing.isUnderPressure();
  }
}
