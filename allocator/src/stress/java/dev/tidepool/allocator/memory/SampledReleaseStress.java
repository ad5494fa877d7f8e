package dev.tidepool.allocator.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

@JCStressTest
@Description(
    "A sampled buffer that two threads release dies once, is no longer watched then, and the memory"
        + " behind it is used again only then.")
@Outcome(id = "true, false, true, 0", expect = ACCEPTABLE, desc = "The owner was last.")
@Outcome(id = "false, true, true, 0", expect = ACCEPTABLE, desc = "The other thread was last.")
@Outcome(expect = FORBIDDEN, desc = "It died twice, too early or never, or is called forgotten.")
@State
public class SampledReleaseStress {
  private final LeakSampler sampler = new LeakSampler(1);
  private final TwoHolders holders = new TwoHolders(sampler::sample);
  private final SampledBuffer sample = (SampledBuffer) holders.buffer.backingOrNextReleased;

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
    result.r3 = holders.isNextWhole() && forgotten() == 0;
    result.r4 = holders.lost();
  }

  /** What would be reported if the collector found the buffer now. */
  private int forgotten() {
    AtomicInteger count = new AtomicInteger();
    sample.enqueue();
    sampler.forEachForgotten(any -> count.incrementAndGet());
    return count.get();
  }
}
