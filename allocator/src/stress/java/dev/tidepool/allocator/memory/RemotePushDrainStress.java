package dev.tidepool.allocator.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

@JCStressTest
@Description(
    "Of the handles pushed while the owner drains none is lost and none is drained twice:"
        + " a first handle counts 1, a second 10.")
@Outcome(id = "0, 11", expect = ACCEPTABLE, desc = "The drain came first.")
@Outcome(id = "1, 10", expect = ACCEPTABLE, desc = "The drain came in between.")
@Outcome(id = "11, 0", expect = ACCEPTABLE, desc = "The drain came last.")
@Outcome(expect = FORBIDDEN, desc = "A handle was lost, or drained twice.")
@State
public class RemotePushDrainStress {
  private final StressPool tide = new StressPool();
  private final ArenaByteBuf first = tide.allocate(16, 0);
  private final ArenaByteBuf second = tide.allocate(16, 0);
  private final RemoteReleases remote = new RemoteReleases();

  @Actor
  public void releaser() {
    remote.pushRemoteRelease(first);
    remote.pushRemoteRelease(second);
  }

  @Actor
  public void owner(II_Result result) {
    result.r1 = drained();
  }

  @Arbiter
  public void end(II_Result result) {
    result.r2 = drained();
  }

  private int drained() {
    int sum = 0;
    for (@Nullable ArenaByteBuf handle = remote.takeAllAtomic();
        handle != null;
        handle = handle.nextReleased()) {
      sum += handle.slot == first.slot ? 1 : 10;
    }
    return sum;
  }
}
