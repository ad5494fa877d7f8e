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
    "In a lane, which the lock owns, a last release that meets an allocation frees the place once:"
        + " the new buffer has it alone, and all memory goes back.")
@Outcome(id = "true, true, 0", expect = ACCEPTABLE, desc = "Neither noticed the other.")
@Outcome(expect = FORBIDDEN, desc = "Two buffers in one place, or memory was lost.")
@State
public class LaneReleaseStress {
  private final StressPool tide = new StressPool();
  private final ArenaByteBuf survivor = tide.allocateInLane(16, 1);
  private final ArenaByteBuf dying = tide.allocateInLane(16, 2);
  private ArenaByteBuf next;

  @Actor
  public void releaser(ZZJ_Result result) {
    result.r1 = StressPool.holds(dying, 16, 2) && dying.release();
  }

  @Actor
  public void other() {
    next = tide.allocateInLane(16, 3);
  }

  @Arbiter
  public void end(ZZJ_Result result) {
    result.r2 = StressPool.holds(survivor, 16, 1) && StressPool.holds(next, 16, 3);
    survivor.release();
    next.release();
    result.r3 = tide.lostAfterTrim();
  }
}
