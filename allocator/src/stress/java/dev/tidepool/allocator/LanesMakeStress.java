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

/** Two actors making lanes while the connection ends would need three cores: see SoakTest. */
@JCStressTest
@Description(
    "Buffers that two other threads allocate at once, in one lane or in two that they make, are all"
        + " counted by the next reset, and nothing is lost.")
@Outcome(id = "32, 0", expect = ACCEPTABLE, desc = "Nothing is missing.")
@Outcome(expect = FORBIDDEN, desc = "A lane was overlooked, or a block lost.")
@State
public class LanesMakeStress {
  private final ArenaRouter memory = StressConnections.memory();
  private ArenaByteBuf first;
  private ArenaByteBuf second;

  @Actor
  public void one() {
    first = memory.allocateHeap(16, 16);
  }

  @Actor
  public void other() {
    second = memory.allocateHeap(16, 16);
  }

  @Arbiter
  public void end(JJ_Result result) {
    result.r1 = memory.resetArenas();
    first.release();
    second.release();
    StressConnections.trim();
    result.r2 = memory.heldBlocks();
  }
}
