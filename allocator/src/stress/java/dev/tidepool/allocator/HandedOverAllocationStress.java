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
import org.openjdk.jcstress.infra.results.LLLL_Result;

@JCStressTest
@Description(
    "A buffer that another thread allocates from a connection is that connection's, though the"
        + " arenas that it reads change hands meanwhile.")
@Outcome(id = "true, 1, 1, 0", expect = ACCEPTABLE, desc = "In a lane of the first.")
@Outcome(expect = FORBIDDEN, desc = "Served or charged to the second, or lost.")
@State
public class HandedOverAllocationStress {
  private final StressLoop tide = new StressLoop(false);
  private ArenaByteBuf ofFirst;
  private ArenaByteBuf ofSecond;

  public HandedOverAllocationStress() {
    tide.serve(tide.first);
    tide.first.allocateHeap(16, 16).release();
    tide.leave();
  }

  @Actor
  public void loop() {
    tide.take();
    tide.first.resetArenas();
    tide.serve(tide.second);
    ofSecond = tide.second.allocateHeap(16, 16);
  }

  @Actor
  public void other() {
    ofFirst = tide.first.allocateHeap(16, 16);
  }

  @Arbiter
  public void end(LLLL_Result result) {
    tide.take();
    result.r1 = ofFirst.alloc() == tide.first && ofSecond.alloc() == tide.second;
    result.r2 = tide.first.heldBlocks();
    result.r3 = tide.second.heldBlocks();
    ofFirst.release();
    ofSecond.release();
    long ended = tide.first.resetArenas() + tide.second.resetArenas();
    tide.trim();
    result.r4 = tide.first.heldBlocks() + tide.second.heldBlocks() + (ended == 0 ? 1 : 0);
  }
}
