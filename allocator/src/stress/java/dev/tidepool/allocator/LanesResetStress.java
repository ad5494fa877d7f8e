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
import org.openjdk.jcstress.infra.results.JJ_Result;

@JCStressTest
@Description(
    "Buffers that another thread allocates while the connection resets, in a lane that it makes,"
        + " are counted once, by this reset or by the next, and not lost.")
@Outcome(id = "32, 0", expect = ACCEPTABLE, desc = "Nothing is missing.")
@Outcome(expect = FORBIDDEN, desc = "Counted twice or never, or a block was lost.")
@State
public class LanesResetStress {
  private final ArenaRouter memory = StressConnections.memory();
  private ArenaByteBuf first;
  private ArenaByteBuf second;

  @Actor
  public void other() {
    first = memory.allocateHeap(16, 16);
    second = memory.allocateHeap(16, 16);
  }

  @Actor
  public void loop(JJ_Result result) {
    result.r1 = memory.resetArenas();
  }

  @Arbiter
  public void end(JJ_Result result) {
    result.r1 += memory.resetArenas();
    first.release();
    second.release();
    StressConnections.trim();
    result.r2 = memory.heldBlocks();
  }
}
