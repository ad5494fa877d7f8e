package dev.tidepool.allocator.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

@JCStressTest
@Description(
    "A release meets the tick after which the clock would rest: that tick drains it, or another"
        + " comes, or the releasing thread wakes the owner.")
@Outcome(id = "true, true, 0", expect = ACCEPTABLE, desc = "Drained; the block is to be trimmed.")
@Outcome(id = "true, true, 1", expect = ACCEPTABLE, desc = "Drained, and the owner is woken.")
@Outcome(id = "false, false, 1", expect = ACCEPTABLE, desc = "The clock rests, the owner is woken.")
@Outcome(expect = FORBIDDEN, desc = "The clock rests, and no thread drains.")
@State
public class RestingClockStress {
  private final StressPool tide = new StressPool();
  private final ArenaByteBuf buffer = tide.allocate(16, 0);
  private final Block block = buffer.block;
  private boolean ticksOn;

  public RestingClockStress() {
    tide.leave();
  }

  @Actor
  public void owner() {
    tide.take();
    ticksOn = tide.pool.trimTick();
  }

  @Actor
  public void releaser() {
    buffer.release();
  }

  @Arbiter
  public void end(ZZI_Result result) {
    result.r1 = block.live() == 0;
    result.r2 = ticksOn;
    result.r3 = tide.tasks.size();
  }
}
