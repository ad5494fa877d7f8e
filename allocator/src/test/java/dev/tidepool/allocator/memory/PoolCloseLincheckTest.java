package dev.tidepool.allocator.memory;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Last releases by other threads while the owner closes its pool: whatever the order, each is the
 * last one, and in the end all memory is back upstream, once.
 */
@Tag("lincheck")
public class PoolCloseLincheckTest {
  private final LincheckPool tide = new LincheckPool();
  private final ArenaByteBuf first = tide.allocate();
  private final ArenaByteBuf second = tide.allocate();
  private final ArenaByteBuf ofNextBlock = tide.allocateWholeBlock();

  @Operation(runOnce = true)
  public boolean releaseFirst() {
    return first.release();
  }

  @Operation(runOnce = true)
  public boolean releaseSecond() {
    return second.release();
  }

  @Operation(runOnce = true)
  public boolean releaseOfNextBlock() {
    return ofNextBlock.release();
  }

  @Operation(nonParallelGroup = "owner", runOnce = true)
  public void close() {
    tide.pool.close();
  }

  @Validate
  public void nothingIsLost() {
    if (tide.pool.isClosed()) {
      requireDrained(first);
      requireDrained(second);
      requireDrained(ofNextBlock);
    }
    releaseIfAlive(first);
    releaseIfAlive(second);
    releaseIfAlive(ofNextBlock);
    tide.pool.close();
    tide.requireNothingHeld();
  }

  /** No thread would drain it later. */
  private static void requireDrained(ArenaByteBuf buffer) {
    if (buffer.refCnt() == 0 && buffer.isOccupied()) {
      throw new IllegalStateException(
          "slot " + buffer.slot + " of a closed pool: pending (expected: free or alive)");
    }
  }

  private static void releaseIfAlive(ArenaByteBuf buffer) {
    if (buffer.refCnt() > 0) {
      buffer.release();
    }
  }

  /** No operation's result depends on the others. */
  public static final class EachByItself {
    public boolean releaseFirst() {
      return true;
    }

    public boolean releaseSecond() {
      return true;
    }

    public boolean releaseOfNextBlock() {
      return true;
    }

    public void close() {}
  }

  @Test
  void everyLastReleaseIsSeenByTheCloseOrSeesIt() {
    LincheckPool.modelCheck()
        .sequentialSpecification(EachByItself.class)
        .check(PoolCloseLincheckTest.class);
  }
}
