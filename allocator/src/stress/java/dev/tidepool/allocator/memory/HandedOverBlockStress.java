package dev.tidepool.allocator.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

@JCStressTest
@Description(
    "A thread that looks at an arena's block counts nothing of what another arena did with it"
        + " before or afterwards.")
@Outcome(id = "0", expect = ACCEPTABLE, desc = "Found at most the one buffer of this arena.")
@Outcome(expect = FORBIDDEN, desc = "Found the other arena's buffers.")
@State
public class HandedOverBlockStress {
  private static final int HANDINGS_OVER = 8;
  private static final int QUESTIONS = 32;
  private static final int SMALL = 16;
  private static final int LARGE = 48;

  private final StressPool tide = new StressPool();
  private final Arena other = new Arena(tide.pool, MemoryKind.HEAP, tide);

  public HandedOverBlockStress() {
    tide.leave();
  }

  @Actor
  public void owner() {
    tide.take();
    for (int i = 0; i < HANDINGS_OVER; i++) {
      ArenaByteBuf small = tide.arena.allocate(SMALL, SMALL);
      small.release();
      tide.arena.reset();
      ArenaByteBuf large = other.allocate(LARGE, LARGE);
      ArenaByteBuf another = other.allocate(LARGE, LARGE);
      another.release();
      large.release();
      other.reset();
    }
  }

  @Actor
  public void reader(I_Result result) {
    for (int i = 0; i < QUESTIONS; i++) {
      HeldFigures found = new HeldFigures(Integer.MAX_VALUE);
      found.add(tide.arena, 0);
      if (found.aliveBytes() > SMALL || found.liveBuffers() > 1) {
        result.r1++;
      }
    }
  }
}
