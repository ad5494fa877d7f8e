package dev.tidepool.allocator.memory;

import java.util.function.UnaryOperator;

/**
 * A buffer with two references, of which the pool's owner drops one and another thread the other. The
 * owner then allocates once more: in the same place if its reference was the last.
 */
final class TwoHolders {
  private final StressPool tide = new StressPool();
  final ArenaByteBuf buffer;
  private ArenaByteBuf next;

  /**
   * @param handedOut the buffer that users get in place of the arena's
   */
  TwoHolders(UnaryOperator<ArenaByteBuf> handedOut) {
    buffer = handedOut.apply(tide.allocate(16, 0));
    buffer.retain();
    tide.leave();
  }

  /** Whether it was the last. */
  boolean ownerReleases() {
    tide.take();
    boolean last = buffer.release();
    next = tide.allocate(16, 2);
    return last;
  }

  /** Whether it was the last, after writing. */
  boolean otherReleases() {
    buffer.retain();
    StressPool.fill(buffer, 16, 1);
    buffer.release();
    return buffer.release();
  }

  /** Whether the owner's next buffer is as it was filled; called at the end, first. */
  boolean isNextWhole() {
    tide.take();
    return StressPool.holds(next, 16, 2);
  }

  /** Bytes still held of upstream when all is released. */
  long lost() {
    next.release();
    return tide.lostAfterTrim();
  }
}
