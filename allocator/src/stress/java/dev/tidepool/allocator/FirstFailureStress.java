package dev.tidepool.allocator;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

@JCStressTest
@Description(
    "A close is asked for while a refused read is taken back, as it waits: exactly one of the two"
        + " threads is told to act upon the close.")
@Outcome(id = "true, false, true", expect = ACCEPTABLE, desc = "The asking thread.")
@Outcome(id = "false, true, true", expect = ACCEPTABLE, desc = "The reading thread.")
@Outcome(expect = FORBIDDEN, desc = "The close is lost, or acted upon twice.")
@State
public class FirstFailureStress {
  private static final String READ = "read";
  private static final String CLOSE = "close";

  private final FirstFailure<String> failure = new FirstFailure<>();

  public FirstFailureStress() {
    failure.offer(READ);
  }

  @Actor
  public void asking(ZZZ_Result result) {
    result.r1 = failure.offer(CLOSE) != null;
  }

  @Actor
  public void reading(ZZZ_Result result) {
    result.r2 = failure.takeBack(READ) != null;
  }

  @Arbiter
  public void end(ZZZ_Result result) {
    result.r3 = CLOSE.equals(failure.get());
  }
}
