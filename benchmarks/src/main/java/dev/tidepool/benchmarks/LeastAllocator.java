package dev.tidepool.benchmarks;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;

/**
 * The least that Netty's API lets an allocator do that bumps and stays safe: it is called through
 * {@code AbstractByteBufAllocator}, makes sure of its thread, that there is room and that there is
 * a prepared buffer, and bumps; the buffer, called through {@code ByteBuf}, makes sure of its
 * thread and its count. No block, no request, no size of its own, no figures, no leak detection, no
 * buffer released in another order. Not an allocator to use: it measures what all of those cost.
 */
final class LeastAllocator extends AbstractByteBufAllocator {
  private static final int BUFFERS = 64;
  private static final int ROOM = 1 << 20;

  private final Thread owner = Thread.currentThread();
  private final Buffer[] buffers = new Buffer[BUFFERS];
  private int position;
  private int next;

  LeastAllocator() {
    super(true);
    for (int i = 0; i < BUFFERS - 1; i++) { // the last entry stays null: nobody runs over it
      buffers[i] = new Buffer(this);
    }
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    if (owner == Thread.currentThread() && initialCapacity <= ROOM - position) {
      Buffer buffer = buffers[next];
      if (buffer != null) {
        next++;
        buffer.open(position, initialCapacity);
        position += initialCapacity;
        return buffer;
      }
    }
    throw new IllegalStateException(
        "LeastAllocator: %s, position: %d (expected: its thread, and few buffers)"
            .formatted(Thread.currentThread(), position));
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return newDirectBuffer(initialCapacity, maxCapacity);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return true;
  }

  /** Opened again and again; that it has memory too is only to be a {@code ByteBuf} at all. */
  static final class Buffer extends UnpooledHeapByteBuf {
    private final LeastAllocator allocator;
    private int offset;
    private int length;
    private int references;

    Buffer(LeastAllocator allocator) {
      super(UnpooledByteBufAllocator.DEFAULT, 0, Integer.MAX_VALUE);
      this.allocator = allocator;
    }

    void open(int offset, int length) {
      this.offset = offset;
      this.length = length;
      setIndex(0, 0);
      references = 1;
    }

    @Override
    public int capacity() {
      return length;
    }

    @Override
    public boolean release() {
      if (allocator.owner == Thread.currentThread() && references == 1) {
        references = 0;
        allocator.position = offset;
        allocator.next--;
        return true;
      }
      throw new IllegalStateException(
          "LeastAllocator: %s, references: %d (expected: its thread, 1)"
              .formatted(Thread.currentThread(), references));
    }
  }
}
