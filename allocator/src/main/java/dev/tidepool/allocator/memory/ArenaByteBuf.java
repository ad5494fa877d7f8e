package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The handle: made once for a slot of a block, and reused by every buffer that takes that slot.
 *
 * <p>It has two sets of fields. The pool's owner owns the range of the slot: {@code [start, start +
 * reserved)} of {@code block}. The buffer's holder owns the bytes: {@code length} bytes from {@code
 * offset} of the memory. The two differ only for a detached buffer, whose bytes are those of {@code
 * backing}: it grew on a thread that may not touch its block, or the garbage collector is to see
 * when it is forgotten (see {@link LeakSampler} and {@link StandIn}).
 *
 * <pre>
 *   attached:  offset == block.base + physicalOffset(start)  and  length &lt;= reserved
 *   detached:  backing != null and alive;  slot == NO_SLOT if the block does not know this handle
 * </pre>
 */
public abstract class ArenaByteBuf extends SequentialByteBuf implements Backing {
  static final int NO_SLOT = -1;

  /** The request of a buffer that only backs a buffer in another block. */
  static final int OF_NO_REQUEST = -1;

  // The owner's fields.
  Block block;
  int slot;
  int start;
  int reserved;
  int request;

  // The holder's fields, and length.
  int offset;
  private boolean marked;

  /** The sum of waiting bytes while on the list of remote releases; fits the object's padding. */
  char waiting;

  /** The backing while detached; the next release while on the list of remote releases. */
  @Nullable Backing backingOrNextReleased;

  ArenaByteBuf(Block block, int slot) {
    this.block = block;
    this.slot = slot;
  }

  /** The number of the request that this buffer was allocated in. */
  public final int request() {
    return request;
  }

  /** This buffer's history; null if nothing is recorded. */
  public @Nullable BufferHistory history() {
    return null;
  }

  /** Begins another history, if handles have histories at all. */
  void history(@Nullable BufferHistory history) {}

  /** Detaches this buffer from its slot; see {@link StandIn}. */
  public final void leaveSlot() {
    StandIn.put(block.pool, this);
  }

  /** Whether this is the buffer to sample next: see {@link LeakSampler}. For who allocated it. */
  public final boolean isSampleDue() {
    return --block.pool.untilSample < 0;
  }

  /** A handle without a slot, which looks like this one and is to be detached with its bytes. */
  final ArenaByteBuf newFront() {
    ArenaByteBuf front = block.kind.newHandle(block, NO_SLOT);
    front.open(start, offset, reserved, length, maxCapacity(), request);
    front.history(history());
    return front;
  }

  /** Starts the life of a buffer in this slot. */
  final void open(int start, int offset, int reserved, int length, int maxCapacity, int request) {
    this.start = start;
    this.reserved = reserved;
    this.request = request;
    this.offset = offset;
    this.length = length;
    if (maxCapacity() != maxCapacity) {
      maxCapacity(maxCapacity);
    }
    if (marked) {
      forgetMarks();
    }
    clear();
    statePlain(1);
  }

  private void forgetMarks() {
    marked = false;
    adjustMarkers(Integer.MAX_VALUE);
  }

  @Override
  public final ByteBuf markReaderIndex() {
    marked = true;
    return super.markReaderIndex();
  }

  @Override
  public final ByteBuf markWriterIndex() {
    marked = true;
    return super.markWriterIndex();
  }

  /** Points at the block's own memory and drops the cached NIO view. */
  abstract void useMemoryOf(Block block);

  /** Points at the bytes of {@code other}, which this handle keeps alive. */
  abstract void useMemoryOf(ArenaByteBuf other);

  /** Trades memory and cached NIO view with {@code other}. */
  abstract void swapMemory(ArenaByteBuf other);

  /** Copies {@code bytes} bytes. The caller has checked both ranges. */
  abstract void copyTo(int index, ArenaByteBuf target, int targetIndex, int bytes);

  /** Copies to another allocator's buffer, by its array, its NIO buffers or its own methods. */
  abstract void copyToOther(int index, ByteBuf target, int targetIndex, int bytes);

  /** Copies from another allocator's buffer, by its array, its NIO buffers or its own methods. */
  abstract void copyFromOther(int index, ByteBuf source, int sourceIndex, int bytes);

  /** Trades slots with {@code other}, of the same kind: each handle's bytes are now the other's. */
  final void swapPlaces(ArenaByteBuf other) {
    Block otherBlock = other.block;
    int otherSlot = other.slot;
    int otherStart = other.start;
    int otherReserved = other.reserved;
    int otherOffset = other.offset;
    other.takePlace(block, slot, start, reserved, offset);
    takePlace(otherBlock, otherSlot, otherStart, otherReserved, otherOffset);
    swapMemory(other);
  }

  private void takePlace(Block block, int slot, int start, int reserved, int offset) {
    this.block = block;
    this.slot = slot;
    this.start = start;
    this.reserved = reserved;
    this.offset = offset;
    block.handles[slot] = this;
  }

  // Release

  @Override
  public final boolean release() {
    Block block = this.block;
    if (block.owner == Thread.currentThread() && stateAcquire() == 1) {
      statePlain(0);
      block.free(this);
      return true;
    }
    return releaseSlow(1);
  }

  @Override
  public final boolean release(int decrement) {
    return releaseSlow(checkPositive(decrement, "decrement"));
  }

  private boolean releaseSlow(int decrement) {
    int before = releaseAtomic(decrement);
    if (before == 0) {
      return false;
    }
    if ((before & DETACHED) != 0) {
      attach();
    }
    if (slot != NO_SLOT) {
      block.pool.released(this);
    }
    return true;
  }

  // Capacity

  @Override
  public final ByteBuf capacity(int newCapacity) {
    checkNewCapacity(newCapacity);
    if (newCapacity != length) {
      FlightRecords.resizing(this, newCapacity);
      resize(newCapacity);
      trimIndicesToCapacity(newCapacity);
    }
    return this;
  }

  @Override
  public final int maxFastWritableBytes() {
    return Math.min(room(), maxCapacity()) - writerIndex();
  }

  private int room() {
    return isDetached() ? backing().room() : reserved;
  }

  final void resize(int newLength) {
    if (isDetached()) {
      resizeBacking(newLength);
    } else if (block.owner == Thread.currentThread()) {
      Growth.resize(block.arena(), this, newLength);
    } else {
      Growth.resizeElsewhere(block.arena(), this, newLength);
    }
  }

  private void resizeBacking(int newLength) {
    ArenaByteBuf backing = backing();
    backing.resize(newLength);
    useMemoryOf(backing);
    if (slot == NO_SLOT) {
      block = backing.block; // the block left behind may be another arena's by now
    }
  }

  final ArenaByteBuf backing() {
    return requireBacking().buffer();
  }

  private Backing requireBacking() {
    Backing backing = backingOrNextReleased;
    if (backing == null) {
      throw new IllegalStateException("handle: detached without backing (expected: one): " + this);
    }
    return backing;
  }

  /** Takes the bytes of {@code backing}, whose one reference passes to this handle. */
  final void detach(Backing backing) {
    backingOrNextReleased = backing;
    useMemoryOf(backing.buffer());
    markDetachedAtomic();
  }

  /** Gives the backing back, after the last reference is gone. */
  private void attach() {
    Backing backing = requireBacking();
    backingOrNextReleased = null;
    if (slot != NO_SLOT) {
      useMemoryOf(block);
    }
    try {
      backing.released();
    } finally {
      Reference.reachabilityFence(this); // else it may look forgotten before its sample has ended
    }
    backing.buffer().release();
  }

  @Override
  public final ArenaByteBuf buffer() {
    return this;
  }

  @Override
  public final void released() {}

  /** The next on the list of remote releases, on which this handle is. */
  final @Nullable ArenaByteBuf nextReleased() {
    return (ArenaByteBuf) backingOrNextReleased;
  }

  // The same for every kind of memory

  @Override
  public final ByteBuf getBytes(int index, ByteBuf dst, int dstIndex, int length) {
    if (dst instanceof ArenaByteBuf target) {
      checkRange(index, length);
      target.checkRange("dstIndex", dstIndex, length);
      copyTo(index, target, dstIndex, length);
    } else {
      checkDstIndex(index, length, dstIndex, dst.capacity());
      copyToOther(index, dst, dstIndex, length);
    }
    return this;
  }

  @Override
  public final ByteBuf setBytes(int index, ByteBuf src, int srcIndex, int length) {
    if (src instanceof ArenaByteBuf source) {
      checkRange(index, length);
      source.checkRange("srcIndex", srcIndex, length);
      source.copyTo(srcIndex, this, index, length);
    } else {
      checkSrcIndex(index, length, srcIndex, src.capacity());
      copyFromOther(index, src, srcIndex, length);
    }
    return this;
  }

  @Override
  public final ByteBuf slice(int index, int length) {
    ensureAccessible();
    return new ArenaSlice(this, index, length);
  }

  @Override
  public final ByteBufAllocator alloc() {
    return arena().host().allocator();
  }

  /** After the release the block may be unleased: report the dead buffer, not the block. */
  private Arena arena() {
    if (!block.isLeased()) {
      ensureAccessible();
    }
    return block.arena();
  }

  @Override
  @SuppressWarnings("deprecation") // Netty's, and abstract
  public final ByteOrder order() {
    return ByteOrder.BIG_ENDIAN;
  }

  @Override
  public final @Nullable ByteBuf unwrap() {
    return null;
  }

  @Override
  public final boolean isContiguous() {
    return true;
  }

  @Override
  public final int nioBufferCount() {
    return 1;
  }

  @Override
  public final ByteBuffer[] nioBuffers(int index, int length) {
    return new ByteBuffer[] {nioBuffer(index, length)};
  }

  /** Where {@code index} is in the memory. */
  final int at(int index) {
    return offset + index;
  }
}
