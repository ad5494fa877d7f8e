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
import org.openjdk.jcstress.infra.results.JII_Result;

@JCStressTest
@Description(
    "A buffer that another thread allocates while the connection closes is from its lane before the"
        + " close or from the shared allocator after it: a closed lane leases nothing.")
@Outcome(id = "16, 1, 0", expect = ACCEPTABLE, desc = "From the lane, which the close saw.")
@Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "From the shared allocator.")
@Outcome(expect = FORBIDDEN, desc = "Leased by a closed lane, or lost.")
@State
public class LaneCloseStress {
  private final ArenaRouter memory = StressConnections.memory();
  private ArenaByteBuf buffer;

  @Actor
  public void other() {
    buffer = memory.allocateHeap(16, 16);
  }

  @Actor
  public void loop(JII_Result result) {
    result.r1 = memory.closeArenas();
  }

  @Arbiter
  public void end(JII_Result result) {
    result.r2 = memory.heldBlocks();
    buffer.release();
    StressConnections.trim();
    result.r3 = memory.heldBlocks();
  }
}
