package dev.tidepool.benchmarks.suites;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.util.ResourceLeakDetector;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The least that Netty's API lets an allocator do that bumps and has an arena's duties: memory in
 * blocks, references on other threads, release in any order, a buffer's range and request, its
 * limit, marks and leak detection, a request's figures. Not an allocator to use: its buffers have
 * no memory.
 */
final class LeastAllocator extends AbstractByteBufAllocator {
  private static final int BUFFERS = 64;
  private static final int ROOM = 1 << 20;
  private static final int LARGE = 8192;

  private static final VarHandle REFERENCES;

  static {
    try {
      REFERENCES = MethodHandles.lookup().findVarHandle(Buffer.class, "references", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Block small = new Block();
  private final Block large = new Block();
  private int request;

  LeastAllocator() {
    super(true);
  }

  private static final class Block {
    final Thread owner = Thread.currentThread();
    final Buffer[] buffers = new Buffer[BUFFERS];
    int limit = ROOM;
    int alignmentMask = 15;
    int base;
    int position;
    int next;
    int freed;
    int sweptSlots;
    int peak;
    long returned;
    boolean current = true;

    Block() {
      for (int slot = 0; slot < BUFFERS - 1; slot++) { // the last stays null: the end
        buffers[slot] = new Buffer(this, slot);
      }
    }

    void free(Buffer buffer) {
      int dead = freed + 1;
      if (dead == next) {
        rewind();
      } else if (buffer.slot == next - 1) {
        next = buffer.slot;
        position = buffer.start;
      } else {
        freed = dead;
      }
    }

    private void rewind() {
      if (position > peak) {
        peak = position;
      }
      returned += position;
      position = 0;
      next = 0;
      freed = 0;
      if (sweptSlots != 0 || !current) {
        throw new IllegalStateException(
            "block: swept or full, after %d bytes (expected: neither)".formatted(returned));
      }
    }
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    Block block = initialCapacity < LARGE ? small : large;
    if (block.owner == Thread.currentThread() && initialCapacity <= block.limit - block.position) {
      Buffer buffer = block.buffers[block.next];
      if (buffer != null) {
        take(block, buffer, initialCapacity, maxCapacity);
        return isUnwatched() ? buffer : toLeakAwareBuffer(buffer);
      }
    }
    throw new IllegalStateException(
        "LeastAllocator: %s, position: %d (expected: its thread, and few buffers)"
            .formatted(Thread.currentThread(), block.position));
  }

  private void take(Block block, Buffer buffer, int length, int maxCapacity) {
    int from = block.position;
    int reserved = (length + block.alignmentMask) & ~block.alignmentMask;
    block.position = from + reserved;
    block.next++;
    buffer.offset = block.base + from;
    buffer.length = length;
    buffer.clear();
    buffer.references = 1;
    buffer.start = from;
    buffer.reserved = reserved;
    buffer.request = request;
    buffer.renew(maxCapacity);
  }

  private static boolean isUnwatched() {
    ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    return level == ResourceLeakDetector.Level.SIMPLE
        || level == ResourceLeakDetector.Level.DISABLED;
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
  private static final class Buffer extends UnpooledHeapByteBuf {
    private final Block block;
    private final int slot;
    private int offset;
    private int length;
    private int references;
    private int start;
    private int reserved;
    private int request;
    private boolean marked;

    Buffer(Block block, int slot) {
      super(UnpooledByteBufAllocator.DEFAULT, 0, Integer.MAX_VALUE);
      this.block = block;
      this.slot = slot;
    }

    void renew(int maxCapacity) {
      if (maxCapacity() != maxCapacity) {
        maxCapacity(maxCapacity);
      }
      if (marked) {
        marked = false;
        markReaderIndex();
        markWriterIndex();
      }
    }

    @Override
    public int capacity() {
      return length;
    }

    @Override
    public boolean release() {
      if (block.owner == Thread.currentThread() && (int) REFERENCES.getAcquire(this) == 1) {
        references = 0;
        block.free(this);
        return true;
      }
      throw new IllegalStateException(
          "thread: %s, references: %d, at %d of request %d, %d bytes (expected: its own, 1)"
              .formatted(Thread.currentThread(), references, offset, request, reserved));
    }
  }
}
