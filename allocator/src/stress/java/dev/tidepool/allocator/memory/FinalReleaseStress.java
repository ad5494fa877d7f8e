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
  private final TwoHolders holders = new TwoHolders(buffer -> buffer);

  @Actor
  public void owner(LLLL_Result result) {
    result.r1 = holders.ownerReleases();
  }

  @Actor
  public void other(LLLL_Result result) {
    result.r2 = holders.otherReleases();
  }

  @Arbiter
  public void end(LLLL_Result result) {
    result.r3 = holders.isNextWhole();
    result.r4 = holders.lost();
  }
}
