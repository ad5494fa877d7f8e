package dev.tidepool.allocator;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.tidepool.allocator.memory.ArenaByteBuf;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

@JCStressTest
@Description(
    "A last release that meets the reset at which the arenas change hands is seen by that reset, or"
        + " wakes the event loop, since the connection waits for room.")
@Outcome(id = "0, false", expect = ACCEPTABLE, desc = "The reset saw it, and handed them over.")
@Outcome(id = "0, true", expect = ACCEPTABLE, desc = "The reset saw it; one wake-up too many.")
@Outcome(id = "1, true", expect = ACCEPTABLE, desc = "The reset did not see it.")
@Outcome(expect = FORBIDDEN, desc = "The block is never given back.")
@State
public class HandedOverRoomStress {
  private final StressLoop tide = new StressLoop(true);
  private final ArenaByteBuf buffer;

  public HandedOverRoomStress() {
    tide.serve(tide.first);
    buffer = tide.first.allocateHeap(16, 16);
    tide.leave();
  }

  @Actor
  public void loop() {
    tide.take();
    tide.first.resetArenas();
    tide.serve(tide.second);
  }

  @Actor
  public void releaser() {
    buffer.release();
  }

  @Arbiter
  public void end(IZ_Result result) {
    tide.take();
    result.r1 = tide.first.heldBlocks();
    result.r2 = !tide.tasks.isEmpty();
  }
}
