package dev.tidepool.allocator.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

@JCStressTest
@Description(
    "A buffer that grows on another thread, and dies there, while the owner sweeps its block and"
        + " allocates in the gaps, keeps its bytes and loses no memory; the others keep theirs.")
@Outcome(id = "true, true, true, 0", expect = ACCEPTABLE, desc = "Neither noticed the other.")
@Outcome(expect = FORBIDDEN, desc = "Bytes were overwritten, or memory was lost.")
@State
public class GrowthSweepStress {
  private static final int SIZE = 16;
  private static final int SLOTS = StressPool.BLOCK / SIZE;
  private static final int GROWING = 7;
  private static final int GAP = (GROWING - 1) * SIZE;

  private final StressPool tide = new StressPool();
  private final List<ArenaByteBuf> ofOwner = new ArrayList<>();
  private ArenaByteBuf growing;

  /** Two blocks are full, and all of the older one is dead but one buffer and the last. */
  public GrowthSweepStress() {
    List<ArenaByteBuf> dying = new ArrayList<>();
    for (int i = 0; i < 2 * SLOTS; i++) {
      ArenaByteBuf buffer = tide.allocate(SIZE, 1);
      if (i == GROWING) {
        growing = buffer;
      } else {
        (i < SLOTS - 1 ? dying : ofOwner).add(buffer);
      }
    }
    dying.forEach(ArenaByteBuf::release);
    tide.leave();
  }

  @Actor
  public void owner(LLLL_Result result) {
    tide.take();
    ofOwner.add(tide.allocate(SIZE, 1));
    ofOwner.add(tide.allocate(GAP, 1));
    ofOwner.add(tide.allocate(GAP, 1));
    result.r1 = tide.arena.heldBlocks() == 2;
  }

  @Actor
  public void other(LLLL_Result result) {
    StressPool.fill(growing, SIZE, 2);
    growing.capacity(2 * SIZE);
    result.r2 = StressPool.holds(growing, SIZE, 2);
    growing.release();
  }

  @Arbiter
  public void end(LLLL_Result result) {
    tide.take();
    InvariantChecker.check(tide.pool);
    result.r3 =
        ofOwner.stream().allMatch(buffer -> StressPool.holds(buffer, buffer.capacity(), 1));
    ofOwner.forEach(ArenaByteBuf::release);
    result.r4 = tide.lostAfterTrim();
  }
}
