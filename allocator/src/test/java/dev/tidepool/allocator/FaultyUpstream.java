package dev.tidepool.allocator;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;

/** An upstream that fails on a test's demand. */
public final class FaultyUpstream extends AbstractByteBufAllocator {
  private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);
  private long limit = Long.MAX_VALUE;
  private int failures;
  private int asked;
  private RuntimeException defect;

  /** Fails, from now on, allocations that would bring the bytes held above {@code bytes}. */
  public FaultyUpstream limit(long bytes) {
    limit = bytes;
    return this;
  }

  /** Fails the next {@code times} allocations. */
  public void failNext(int times) {
    failures = times;
  }

  /** Throws {@code defect} from the next allocation. */
  public void throwNext(RuntimeException defect) {
    this.defect = defect;
  }

  /** The number of allocations, failed ones included. */
  public int asked() {
    return asked;
  }

  /** Bytes in use. */
  public long used() {
    return memory.metric().usedDirectMemory() + memory.metric().usedHeapMemory();
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    ask(initialCapacity);
    return memory.heapBuffer(initialCapacity, maxCapacity);
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    ask(initialCapacity);
    return memory.directBuffer(initialCapacity, maxCapacity);
  }

  private void ask(int bytes) {
    asked++;
    if (defect != null) {
      RuntimeException thrown = defect;
      defect = null;
      throw thrown;
    }
    if (used() + bytes > limit || failures > 0) {
      failures = Math.max(0, failures - 1);
      throw new OutOfMemoryError("no more than " + limit + " bytes here");
    }
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }
}
