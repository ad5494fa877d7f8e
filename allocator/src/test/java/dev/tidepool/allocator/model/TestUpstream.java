package dev.tidepool.allocator.model;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;

/**
 * Zeroed unpooled memory, or {@link OutOfMemoryError} when told so. An odd one's memory starts
 * somewhere in an array, and at addresses that are multiples of eight but of no more.
 */
final class TestUpstream extends AbstractByteBufAllocator {
  private static final int ODD = 24;

  private final UnpooledByteBufAllocator backing = new UnpooledByteBufAllocator(false, true);
  private final boolean odd;
  private int failuresToCome;
  private int failures;

  TestUpstream(boolean odd) {
    super(false);
    this.odd = odd;
  }

  /** The next {@code count} allocations fail. */
  void fail(int count) {
    failuresToCome = count;
  }

  /** How many allocations failed since the last call. */
  int takeFailures() {
    int seen = failures;
    failures = 0;
    return seen;
  }

  boolean isOdd() {
    return odd;
  }

  /** Where heap memory starts in its array. */
  int arrayOffset() {
    return odd ? ODD : 0;
  }

  /** Bytes in use, of both kinds, counted by Netty. */
  long used() {
    return backing.metric().usedDirectMemory() + backing.metric().usedHeapMemory();
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    failIfTold();
    return odd
        ? backing.heapBuffer(initialCapacity + ODD).slice(ODD, initialCapacity)
        : backing.heapBuffer(initialCapacity, maxCapacity);
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    failIfTold();
    ByteBuf memory =
        odd
            ? backing.directBuffer(initialCapacity + ODD).slice(ODD, initialCapacity)
            : backing.directBuffer(initialCapacity, maxCapacity);
    return memory.setZero(0, initialCapacity);
  }

  private void failIfTold() {
    if (failuresToCome > 0) {
      failuresToCome--;
      failures++;
      throw new OutOfMemoryError("the test said so");
    }
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }
}
