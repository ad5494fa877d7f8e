package dev.tidepool.allocator.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.netty.buffer.ByteBuf;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;

@JCStressTest(Mode.Termination)
@Description("A loop that only reads the reference count sees the owner's plain final release.")
@Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "It saw it.")
@Outcome(id = "STALE", expect = FORBIDDEN, desc = "It never saw it.")
@State
public class RefCountSpinStress {
  private final StressPool tide = new StressPool();
  private final ByteBuf buffer = tide.allocate(16, 0);

  public RefCountSpinStress() {
    tide.leave();
  }

  @Actor
  public void spinner() {
    while (buffer.refCnt() > 0) {}
  }

  @Signal
  public void owner() {
    tide.take();
    buffer.release();
  }
}
