package dev.tidepool.allocator.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

@JCStressTest
@Description("Two threads' last releases at once both reach the owner.")
@Outcome(id = "0", expect = ACCEPTABLE, desc = "Both were drained, and the block went back.")
@Outcome(expect = FORBIDDEN, desc = "One was lost.")
@State
public class RemotePushPushStress {
  private final StressPool tide = new StressPool();
  private final ArenaByteBuf one = tide.allocate(16, 0);
  private final ArenaByteBuf other = tide.allocate(16, 0);

  public RemotePushPushStress() {
    tide.leave();
  }

  @Actor
  public void releaser() {
    one.release();
  }

  @Actor
  public void otherReleaser() {
    other.release();
  }

  @Arbiter
  public void end(J_Result result) {
    tide.take();
    result.r1 = tide.lostAfterTrim();
  }
}
