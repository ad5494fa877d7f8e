package dev.tidepool.benchmarks;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.util.ResourceLeakDetector;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The least that Netty's API lets an allocator do that bumps, and on top of it, one after the
 * other, the duties that an arena has besides: together they are what an arena must cost beyond the
 * least. Not an allocator to use: its buffers have no memory.
 *
 * <p>The least: it is called through {@code AbstractByteBufAllocator}, makes sure of its thread,
 * that there is room and that there is a prepared buffer, and bumps; the buffer, called through
 * {@code ByteBuf}, makes sure of its thread and its count. The compiler sees through all of that,
 * and cancels what an allocation and the release right after it do to each other; once a buffer has
 * to find its block it cannot any more.
 *
 * <p>How many duties there are is a constant to the compiler: the property {@value
 * #DUTIES_PROPERTY}.
 */
final class LeastAllocator extends AbstractByteBufAllocator {
  static final String DUTIES_PROPERTY = "dev.tidepool.benchmarks.duties";

  /** Memory comes and goes in blocks; a buffer knows its own. */
  static final int BLOCKS = 1;

  /** Other threads may have held a reference: the count is read with acquire. */
  static final int SHARED = 2;

  /** Buffers are released in any order: those alive are counted, the top one is taken back. */
  static final int ANY_ORDER = 3;

  /** A buffer knows its range, aligned, and its request. */
  static final int RANGES = 4;

  /** A buffer's limit and marks are as of a new one; Netty's leak detection may be asked for. */
  static final int CONTRACT = 5;

  /** What a request was handed out, and how much it needed at once. */
  static final int FIGURES = 6;

  private static final int DUTIES = Integer.getInteger(DUTIES_PROPERTY, -1);
  private static final int BUFFERS = 64;
  private static final int ROOM = 1 << 20;

  /** From {@link #BLOCKS} on there are two, for small and for large; before, one for good. */
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
  }

  private static final Block ONLY = new Block();
  private static final VarHandle REFERENCES;

  static {
    try {
      REFERENCES = MethodHandles.lookup().findVarHandle(Buffer.class, "references", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Block small;
  private final Block large;
  private int request;

  LeastAllocator() {
    super(true);
    small = DUTIES >= BLOCKS ? new Block() : ONLY;
    large = DUTIES >= BLOCKS ? new Block() : ONLY;
    for (Block block : Arrays.asList(small, large)) {
      for (int slot = 0; slot < BUFFERS - 1; slot++) { // the last stays null: nobody runs over it
        block.buffers[slot] = new Buffer(block, slot);
      }
    }
  }

  /** A process without the property, or with another number, measures something else. */
  ByteBuf allocate(int length, int duties) {
    if (duties != DUTIES) {
      throw new IllegalStateException(
          "%s: %d (expected: %d)".formatted(DUTIES_PROPERTY, DUTIES, duties));
    }
    return directBuffer(length);
  }

  private Block blockFor(int length) {
    return DUTIES < BLOCKS ? ONLY : length < 8192 ? small : large;
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    Block block = blockFor(initialCapacity);
    if (block.owner == Thread.currentThread() && initialCapacity <= block.limit - block.position) {
      Buffer buffer = block.buffers[block.next];
      if (buffer != null) {
        take(block, buffer, initialCapacity, maxCapacity);
        return DUTIES < CONTRACT || isUnwatched() ? buffer : toLeakAwareBuffer(buffer);
      }
    }
    throw new IllegalStateException(
        "LeastAllocator: %s, position: %d (expected: its thread, and few buffers)"
            .formatted(Thread.currentThread(), block.position));
  }

  private void take(Block block, Buffer buffer, int length, int maxCapacity) {
    int from = block.position;
    int reserved = DUTIES < RANGES ? length : (length + block.alignmentMask) & ~block.alignmentMask;
    block.position = from + reserved;
    block.next++;
    buffer.open(DUTIES < RANGES ? from : block.base + from, length);
    if (DUTIES >= RANGES) {
      buffer.start = from;
      buffer.reserved = reserved;
      buffer.request = request;
    }
    if (DUTIES >= CONTRACT) {
      buffer.renew(maxCapacity);
    }
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

  private static void free(Block block, Buffer buffer) {
    if (DUTIES < ANY_ORDER) {
      block.position = buffer.offset;
      block.next--;
      return;
    }
    int dead = block.freed + 1;
    if (dead == block.next) {
      rewind(block);
    } else if (buffer.slot == block.next - 1) {
      block.next = buffer.slot;
      block.position = DUTIES < RANGES ? buffer.offset : buffer.start;
    } else {
      block.freed = dead;
    }
  }

  private static void rewind(Block block) {
    if (DUTIES >= FIGURES) {
      if (block.position > block.peak) {
        block.peak = block.position;
      }
      block.returned += block.position;
    }
    block.position = 0;
    block.next = 0;
    block.freed = 0;
    if (block.sweptSlots != 0 || !block.current) {
      throw new IllegalStateException(
          "block: swept or full, after %d bytes (expected: neither)".formatted(block.returned));
    }
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

    void open(int offset, int length) {
      this.offset = offset;
      this.length = length;
      clear();
      references = 1;
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

    private int references() {
      return DUTIES < SHARED ? references : (int) REFERENCES.getAcquire(this);
    }

    @Override
    public boolean release() {
      Block of = DUTIES < BLOCKS ? ONLY : block;
      if (of.owner == Thread.currentThread() && references() == 1) {
        references = 0;
        free(of, this);
        return true;
      }
      throw new IllegalStateException(
          "LeastAllocator: %s, references: %d, of request %d and %d bytes (expected: its thread, 1)"
              .formatted(Thread.currentThread(), references, request, reserved));
    }
  }
}
