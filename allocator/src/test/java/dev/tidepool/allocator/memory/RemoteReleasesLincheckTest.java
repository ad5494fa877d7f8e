package dev.tidepool.allocator.memory;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The list of remote releases is linearizable: what threads push and the owner takes is what a
 * stack would give that is used by one of them at a time. Lincheck runs small scenarios under every
 * interleaving that it has time for.
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
        handle = handle.backingOrNextReleased) {
      slots.add(handle.slot);
    }
    return slots;
  }

  /** The same, by one thread at a time. */
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
