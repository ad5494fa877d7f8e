package dev.tidepool.allocator;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

@JCStressTest
@Description(
    "The held figures of a connection never include what its former arenas hold for another one,"
        + " even if they come back in between.")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The first holds nothing at any time.")
@Outcome(expect = FORBIDDEN, desc = "Read the second's for the first's.")
@State
public class HandedOverFiguresStress {
  private static final int HANDINGS_OVER = 8;
  private static final int QUESTIONS = 64;

  private final StressLoop tide = new StressLoop(false);

  public HandedOverFiguresStress() {
    tide.serve(tide.first);
    tide.leave();
  }

  @Actor
  public void loop() {
    tide.take();
    tide.handOver(HANDINGS_OVER);
  }

  @Actor
  public void other(JJ_Result result) {
    for (int i = 0; i < QUESTIONS; i++) {
      result.r1 += tide.first.heldBytes();
      result.r2 += tide.first.heldBlocks();
    }
  }
}
