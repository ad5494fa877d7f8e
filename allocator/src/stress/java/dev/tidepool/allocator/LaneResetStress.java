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
import org.openjdk.jcstress.infra.results.JJI_Result;

@JCStressTest
@Description(
    "A buffer that another thread allocates while the connection resets is of the ending request or"
        + " the next, never of both or none, and its memory is not lost.")
@Outcome(id = "32, 0, 0", expect = ACCEPTABLE, desc = "Of the request that ended.")
@Outcome(id = "16, 16, 0", expect = ACCEPTABLE, desc = "Of the next one.")
@Outcome(expect = FORBIDDEN, desc = "Counted twice or never, or its block was lost.")
@State
public class LaneResetStress {
  private final ArenaRouter memory = StressConnections.memory();
  private final ArenaByteBuf before = memory.allocateHeap(16, 16);
  private ArenaByteBuf meanwhile;

  @Actor
  public void other() {
    meanwhile = memory.allocateHeap(16, 16);
  }

  @Actor
  public void loop(JJI_Result result) {
    result.r1 = memory.resetArenas();
  }

  @Arbiter
  public void end(JJI_Result result) {
    result.r2 = memory.resetArenas();
    before.release();
    meanwhile.release();
    StressConnections.trim();
    result.r3 = memory.heldBlocks();
  }
}
