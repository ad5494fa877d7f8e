package dev.tidepool.allocator.memory;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The list of remote releases is linearizable: pushes and takes behave like those of a stack that
 * one thread uses at a time. Lincheck runs small scenarios under as many interleavings as time
 * allows.
 */
@Param(name = "slot", gen = IntGen.class, conf = "0:99")
@Tag("lincheck")
public class RemoteReleasesLincheckTest {
  private final RemoteReleases releases = new RemoteReleases();

  @Operation
  public void push(@Param(name = "slot") int slot) {
    releases.pushRemoteRelease(LincheckPool.handle(slot));
  }

  @Operation
  public boolean isEmpty() {
    return releases.isEmptyOpaque();
  }

  @Operation(nonParallelGroup = "owner")
  public List<Integer> takeAll() {
    List<Integer> slots = new ArrayList<>();
    for (ArenaByteBuf handle = releases.takeAllAtomic();
        handle != null;
        handle = handle.nextReleased()) {
      slots.add(handle.slot);
    }
    return slots;
  }

  /** A stack for one thread at a time. */
  public static final class Stack {
    private final List<Integer> slots = new ArrayList<>();

    public void push(int slot) {
      slots.add(0, slot);
    }

    public boolean isEmpty() {
      return slots.isEmpty();
    }

    public List<Integer> takeAll() {
      List<Integer> taken = new ArrayList<>(slots);
      slots.clear();
      return taken;
    }
  }

  @Test
  void whatIsPushedIsTakenOnceAndInOrder() {
    LincheckPool.modelCheck()
        .sequentialSpecification(Stack.class)
        .check(RemoteReleasesLincheckTest.class);
  }
}
