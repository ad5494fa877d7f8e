package dev.tidepool.allocator.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

@JCStressTest
@Description(
    "The owner's plain final release leaves the holder of another reference its buffer:"
        + " the buffer dies once, and its memory is used again only then.")
@Outcome(id = "true, false, true, 0", expect = ACCEPTABLE, desc = "The owner was last.")
@Outcome(id = "false, true, true, 0", expect = ACCEPTABLE, desc = "The other thread was last.")
@Outcome(expect = FORBIDDEN, desc = "It died twice, too early or never.")
@State
public class FinalReleaseStress {
  private final StressPool tide = new StressPool();
  private final ArenaByteBuf buffer = tide.allocate(16, 0);
  private ArenaByteBuf next;

  public FinalReleaseStress() {
    buffer.retain();
    tide.leave();
  }

  @Actor
  public void owner(LLLL_Result result) {
    tide.take();
    result.r1 = buffer.release();
    next = tide.allocate(16, 2); // in the same place if that was the last release
  }

  @Actor
  public void other(LLLL_Result result) {
    buffer.retain();
    StressPool.fill(buffer, 16, 1);
    buffer.release();
    result.r2 = buffer.release();
  }

  @Arbiter
  public void end(LLLL_Result result) {
    tide.take();
    result.r3 = StressPool.holds(next, 16, 2);
    next.release();
    result.r4 = tide.lostAfterTrim();
  }
}
