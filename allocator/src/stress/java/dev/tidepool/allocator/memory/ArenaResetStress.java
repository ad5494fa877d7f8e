package dev.tidepool.allocator.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

@JCStressTest
@Description(
    "A last release that meets a reset gives the block back to the pool, once,"
        + " and its charge to the budget.")
@Outcome(id = "0, 0, 256, 0", expect = ACCEPTABLE, desc = "The reset saw the release.")
@Outcome(id = "1, 0, 256, 0", expect = ACCEPTABLE, desc = "The next reset saw it.")
@Outcome(expect = FORBIDDEN, desc = "The block or its charge was lost, or given back twice.")
@State
public class ArenaResetStress {
  private final StressPool tide = new StressPool();
  private final ArenaByteBuf buffer = tide.allocate(16, 0);

  public ArenaResetStress() {
    tide.leave();
  }

  @Actor
  public void owner(LLLL_Result result) {
    tide.take();
    tide.arena.reset();
    result.r1 = tide.arena.heldBlocks();
  }

  @Actor
  public void releaser() {
    buffer.release();
  }

  @Arbiter
  public void end(LLLL_Result result) {
    tide.take();
    tide.arena.reset();
    result.r2 = tide.arena.heldBlocks();
    result.r3 = tide.pool.pooledBytes();
    result.r4 = tide.charged();
  }
}
