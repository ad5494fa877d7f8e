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
    "Buffers that another thread allocates while the connection closes, in a lane that it makes,"
        + " are counted by the close or come from the shared allocator; no lane is overlooked.")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Both from the shared allocator.")
@Outcome(id = "16, 16", expect = ACCEPTABLE, desc = "The first from a lane, which the close saw.")
@Outcome(id = "32, 32", expect = ACCEPTABLE, desc = "Both from lanes, which the close saw.")
@Outcome(expect = FORBIDDEN, desc = "Leased by a lane that the close did not see.")
@State
public class LanesCloseStress {
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
    result.r1 = memory.closeArenas();
  }

  @Arbiter
  public void end(JJ_Result result) {
    result.r2 = ofConnection(first) + ofConnection(second);
    first.release();
    second.release();
    StressConnections.trim();
    result.r2 += memory.heldBlocks();
  }

  /** A buffer of the shared allocator has request 0. */
  private static long ofConnection(ArenaByteBuf buffer) {
    return buffer.request() == 0 ? 0 : buffer.capacity();
  }
}
