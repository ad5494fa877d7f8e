package dev.tidepool.allocator.memory;

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
@Description(
    "A buffer that grows on another thread while the owner releases its own reference dies once,"
        + " and both its memories go back.")
@Outcome(id = "true, false, 0", expect = ACCEPTABLE, desc = "The owner was last.")
@Outcome(id = "false, true, 0", expect = ACCEPTABLE, desc = "The other thread was last.")
@Outcome(expect = FORBIDDEN, desc = "It died twice or never, or a memory was lost.")
@State
public class GrowthReleaseStress {
  private final StressPool tide = new StressPool();
  private final ArenaByteBuf buffer = tide.allocate(16, 0);

  public GrowthReleaseStress() {
    buffer.retain();
    tide.leave();
  }

  @Actor
  public void owner(ZZJ_Result result) {
    tide.take();
    result.r1 = buffer.release();
  }

  @Actor
  public void other(ZZJ_Result result) {
    buffer.capacity(32);
    result.r2 = buffer.release();
  }

  @Arbiter
  public void end(ZZJ_Result result) {
    tide.take();
    result.r3 = tide.lostAfterTrim();
  }
}
