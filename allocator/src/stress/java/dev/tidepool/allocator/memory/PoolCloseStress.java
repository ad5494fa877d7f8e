package dev.tidepool.allocator.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

@JCStressTest
@Description(
    "A last release that meets the close of its pool gives the memory back upstream, once:"
        + " either the close sees it, or the releaser sees the close.")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Back when the close was done.")
@Outcome(id = "256, 0", expect = ACCEPTABLE, desc = "The releaser gave it back afterwards.")
@Outcome(expect = FORBIDDEN, desc = "Never given back, or twice.")
@State
public class PoolCloseStress {
  private final StressPool tide = new StressPool();
  private final ArenaByteBuf buffer = tide.allocate(16, 0);

  public PoolCloseStress() {
    tide.leave();
  }

  @Actor
  public void owner(JJ_Result result) {
    tide.take();
    tide.pool.close();
    result.r1 = tide.upstream.heldHeap();
  }

  @Actor
  public void releaser() {
    buffer.release();
  }

  @Arbiter
  public void end(JJ_Result result) {
    result.r2 = tide.upstream.heldHeap();
  }
}
