package dev.tidepool.allocator.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

@JCStressTest
@Description(
    "A release meets a thread that begins to wait for room: either the waiting thread drains it, or"
        + " the releaser wakes the owner.")
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "Drained.")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "The owner is woken, and will drain it.")
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Drained, and woken in vain.")
@Outcome(expect = FORBIDDEN, desc = "A lost wake-up: it waits for a release that is over.")
@State
public class RoomWantedStress {
  private final StressPool tide = new StressPool();
  private final ArenaByteBuf buffer = tide.allocate(16, 0);
  private final Block block = buffer.block;

  public RoomWantedStress() {
    tide.leave();
  }

  @Actor
  public void waiter(ZZ_Result result) {
    tide.take();
    tide.wantsRoom = true;
    tide.pool.drainAtomic();
    result.r1 = block.live() == 0;
  }

  @Actor
  public void releaser(ZZ_Result result) {
    buffer.release();
    result.r2 = !tide.tasks.isEmpty();
  }
}
