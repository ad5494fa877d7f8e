package dev.tidepool.allocator.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

@JCStressTest
@Description(
    "A release while room is wanted meets the task of an earlier release: that task drains it,"
        + " or one more task is scheduled; never two.")
@Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "The task drained it.")
@Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "The task drained it; one more is scheduled.")
@Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "One more task will drain it.")
@Outcome(expect = FORBIDDEN, desc = "Nothing drains it, or tasks heap up.")
@State
public class WakeUpStress {
  private final StressPool tide = new StressPool();
  private final ArenaByteBuf before = tide.allocate(16, 0);
  private final ArenaByteBuf buffer = tide.allocate(16, 0);
  private final Block block = buffer.block;

  public WakeUpStress() {
    tide.leave();
    tide.wantsRoom = true;
    before.release();
  }

  @Actor
  public void owner() {
    tide.take();
    tide.tasks.remove().run();
  }

  @Actor
  public void releaser() {
    buffer.release();
  }

  @Arbiter
  public void end(ZI_Result result) {
    result.r1 = block.live() == 0;
    result.r2 = tide.tasks.size();
  }
}
