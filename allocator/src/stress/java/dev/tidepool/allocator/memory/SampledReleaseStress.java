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
  private final StressPool tide = new StressPool();
  private final LeakSampler sampler = new LeakSampler(1);
  private final ArenaByteBuf buffer = sampler.sample(tide.allocate(16, 0));
  private final SampledBuffer sample = (SampledBuffer) buffer.backingOrNextReleased;
  private ArenaByteBuf next;

  public SampledReleaseStress() {
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
    result.r3 = StressPool.holds(next, 16, 2) && forgotten() == 0;
    next.release();
    result.r4 = tide.lostAfterTrim();
  }

  /** What would be reported if the collector found the buffer now. */
  private int forgotten() {
    AtomicInteger count = new AtomicInteger();
    sample.enqueue();
    sampler.forEachForgotten(any -> count.incrementAndGet());
    return count.get();
  }
}
