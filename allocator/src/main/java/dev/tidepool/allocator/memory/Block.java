package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One contiguous piece of upstream memory, in which an arena bumps.
 *
 * <p>Invariants, checked by {@link InvariantChecker}:
 *
 * <pre>
 *   0 &lt;= position &lt;= limit &lt;= capacity
 *   live == nextSlot - freed == |{ slot &lt; nextSlot : handles[slot] is occupied }|
 *   live == 0  implies  position == 0 &amp;&amp; nextSlot == 0
 *   the ranges of occupied slots are disjoint, and none reaches into [position, limit)
 * </pre>
 *
 * <p>All fields belong to the pool's owner (see the package), except that any thread may read
 * {@code owner}. It is set before the block is published. Only thread T changes it away from T, and
 * to T, so {@code owner == currentThread()} is never stale. It is null while the lock stands for
 * the owner, with {@code checks=full}, and while the block's events are recorded.
 */
final class Block {
  /** The absent block: no room and no owner, so every fast path ends at it. */
  static final Block NONE = new Block();

  private static final int FIRST_HANDLES = 8;

  /** Where a block is: exactly one of these at any time. */
  enum Place {
    POOLED,

    /** An arena bumps in it; listed in {@link RecentBlocks}. */
    CURRENT,

    /**
     * As {@code CURRENT}, but seen by the clock with something alive: its last release lists it.
     */
    CURRENT_SEEN,

    /** As {@code CURRENT}, but given back when its last buffer dies. */
    CURRENT_UNTIL_EMPTY,

    FULL,
    FULL_LARGE,
    STRAGGLING,
    APART, // of one large buffer, of whichever request
    RETURNED
  }

  // What it is.
  final BlockPool pool;
  final MemoryKind kind;
  final int sizeClass;
  final int capacity;
  final int base;
  private final ByteBuf upstreamMemory;
  private final @Nullable ByteBuffer directMemory;
  private final byte @Nullable [] heapMemory;
  private final long address;
  private final int alignmentMask;

  // The fast path: everything an allocation or a release by the owner reads and writes.
  @Nullable Thread owner;
  ArenaByteBuf[] handles;
  int position;
  int limit;
  int nextSlot;
  private int freed; // not live: an allocation with its release then counts nothing twice

  // After a sweep: slots [0, sweptSlots) are the survivors in address order; the gaps lie between.
  int sweptSlots;
  Gaps gaps = Gaps.NONE;

  // Figures: bytes handed out since the last harvest == returned + position - start.
  private int start;
  private int peak;
  private int floor; // where the request began, though the block may have rewound since
  private int dirty;
  private long returned;

  // Where it is.
  Place place;
  private @Nullable Arena arena;
  @Nullable Block previous;
  @Nullable Block next;
  @Nullable Block previousOfPool;
  @Nullable Block nextOfPool;
  int recentAt = RecentBlocks.NOT_LISTED;
  int idleSince; // the turn of IdleBlocks in which it was last pooled; see HeldFigures
  @Nullable ArenaRecorder recorder; // the holders of living buffers read it too

  Block(BlockPool pool, MemoryKind kind, int sizeClass, int capacity, ByteBuf upstreamMemory) {
    this.pool = pool;
    this.kind = kind;
    this.sizeClass = sizeClass;
    this.capacity = capacity;
    this.upstreamMemory = upstreamMemory;
    int alignment = pool.options.alignment();
    this.alignmentMask = alignment - 1;
    if (kind == MemoryKind.DIRECT) {
      int skip = misalignment(upstreamMemory, alignment);
      this.base = 0;
      this.directMemory = upstreamMemory.nioBuffer(skip, pool.hooks.physicalOffset(capacity));
      this.heapMemory = null;
      this.address = upstreamMemory.hasMemoryAddress() ? upstreamMemory.memoryAddress() + skip : 0;
    } else {
      this.base = upstreamMemory.arrayOffset();
      this.directMemory = null;
      this.heapMemory = upstreamMemory.array();
      this.address = 0;
    }
    this.limit = capacity;
    this.handles = new ArenaByteBuf[FIRST_HANDLES];
    this.place = Place.RETURNED;
  }

  @SuppressWarnings("NullAway") // the one block that belongs to no pool
  private Block() {
    this.pool = null;
    this.kind = MemoryKind.HEAP;
    this.sizeClass = -1;
    this.capacity = 0;
    this.base = 0;
    this.upstreamMemory = Unpooled.EMPTY_BUFFER;
    this.directMemory = null;
    this.heapMemory = null;
    this.address = 0;
    this.alignmentMask = 0;
    this.limit = 0;
    this.handles = new ArenaByteBuf[1];
    this.place = Place.CURRENT;
  }

  /** Bytes from the start of {@code memory} to the first aligned address. */
  static int misalignment(ByteBuf memory, int alignment) {
    ByteBuffer whole = memory.nioBuffer(0, memory.capacity());
    return (alignment - whole.alignmentOffset(0, alignment)) & (alignment - 1);
  }

  // Allocation

  /** Takes the next slot and {@code needed} bytes; the caller has checked that both are there. */
  ArenaByteBuf take(ArenaByteBuf handle, int length, int needed, int maxCapacity, int request) {
    int reserved = (needed + alignmentMask) & ~alignmentMask;
    return takeReserved(handle, length, reserved, maxCapacity, request);
  }

  /** Takes the next slot and {@code reserved} bytes, {@link #aligned} already, of any block. */
  ArenaByteBuf takeReserved(
      ArenaByteBuf handle, int length, int reserved, int maxCapacity, int request) {
    int from = position;
    position = from + reserved;
    nextSlot++;
    handle.open(from, base + from, reserved, length, maxCapacity, request);
    return handle;
  }

  /** Whether {@code length} bytes fit and are at least one: as unsigned, 0 - 1 is too large. */
  boolean hasRoom(int length) {
    return Integer.compareUnsigned(length - 1, limit - position) < 0;
  }

  /** The handle of the next slot, made now if there is none to reuse. */
  ArenaByteBuf nextHandle() {
    ArenaByteBuf handle = handles[nextSlot];
    if (handle != null && !pool.options.checksFull()) {
      return handle;
    }
    if (nextSlot + 1 == handles.length) { // the last entry stays null: no fast path runs past it
      handles = Arrays.copyOf(handles, handles.length * 2);
    }
    return newHandleIn(nextSlot);
  }

  /** A fresh handle for {@code slot}, replacing the one that was there. */
  ArenaByteBuf newHandleIn(int slot) {
    ArenaByteBuf handle = kind.newHandle(this, slot);
    handles[slot] = handle;
    return handle;
  }

  /** Bumps in {@code [from, to)} from now on. */
  void moveTo(int from, int to) {
    notePeak();
    returned += position - start;
    start = from;
    position = from;
    limit = to;
  }

  // Release

  /** Frees a buffer that died; its state is 0 already. */
  void free(ArenaByteBuf handle) {
    int dead = freed + 1;
    if (dead == nextSlot) {
      rewind();
    } else if (handle.slot == nextSlot - 1 && handle.slot >= sweptSlots) {
      pop(handle);
    } else {
      freed = dead;
    }
  }

  /** Occupied slots. */
  int live() {
    return nextSlot - freed;
  }

  /** Keeps {@code living} slots: the sweeper put the living handles first. */
  void keepSlots(int living) {
    nextSlot = living;
    freed = 0;
    sweptSlots = living;
    moveTo(0, 0);
  }

  private void rewind() {
    notePeak();
    returned += position;
    position = 0;
    nextSlot = 0;
    freed = 0;
    if (sweptSlots != 0) {
      closeGaps();
    }
    if (place != Place.CURRENT) {
      emptied();
    }
  }

  private void closeGaps() {
    limit = capacity;
    sweptSlots = 0;
    gaps.clear();
  }

  Gaps gapsForSweep() {
    if (gaps == Gaps.NONE) {
      gaps = new Gaps();
    }
    return gaps;
  }

  /** LIFO: frees the top slot, and its range too if the bump pointer stands behind it. */
  private void pop(ArenaByteBuf handle) {
    nextSlot = handle.slot;
    if (handle.start + handle.reserved == position) {
      notePeak();
      returned += handle.reserved;
      position = handle.start;
    }
  }

  private void emptied() {
    pool.emptied(this);
  }

  void notePeak() {
    if (position > peak) {
      peak = position;
    }
  }

  /** Bytes handed out since the last call. */
  long harvestAllocated() {
    long allocated = returned + position - start;
    returned = 0;
    start = position;
    return allocated;
  }

  /** How far the bump pointer came since the last call, from where it stood then. */
  int harvestPeak() {
    notePeak();
    int most = peak - floor;
    dirty = Math.max(dirty, peak);
    peak = position;
    floor = position;
    return most;
  }

  // Growth of the top buffer

  boolean isTop(ArenaByteBuf handle) {
    return handle.slot == nextSlot - 1 && handle.start + handle.reserved == position;
  }

  /** The length of a range for {@code bytes}; no multiple of the alignment only for the largest. */
  int aligned(int bytes) {
    return pool.options.aligned(bytes);
  }

  /** The top buffer's range becomes {@code reserved} bytes long. */
  void resizeTop(ArenaByteBuf handle, int reserved) {
    dirty = Math.max(dirty, position); // no peak: the tail of a read was never used
    handle.reserved = reserved;
    position = handle.start + reserved;
    // The buffer that shrank may be of an earlier request; this request's bytes stay at 0 or above.
    start = (int) Math.min(start, returned + position);
  }

  // Where it is

  void forEachLiving(Consumer<ArenaByteBuf> action) {
    for (int slot = 0; slot < nextSlot; slot++) {
      ArenaByteBuf handle = handles[slot];
      if (handle.isAlivePlain() && handle.request != ArenaByteBuf.OF_NO_REQUEST) {
        action.accept(handle);
      }
    }
  }

  boolean isLeased() {
    return arena != null;
  }

  boolean isOf(Arena arena) {
    return this.arena == arena;
  }

  boolean isCurrent() {
    return place == Place.CURRENT
        || place == Place.CURRENT_SEEN
        || place == Place.CURRENT_UNTIL_EMPTY;
  }

  /**
   * The host of the arena that leases this block; null if none does. The holder of a living buffer
   * may call it on any thread: meanwhile the block stays with its arena, and {@code arena} is only
   * written with the value that it has.
   */
  @Nullable ArenaHost host() {
    Arena holder = arena;
    return holder == null ? null : holder.host();
  }

  Arena arena() {
    Arena holder = arena;
    if (holder == null) {
      throw new IllegalStateException("block: " + this + " (expected: leased by an arena)");
    }
    return holder;
  }

  void place(Place place, @Nullable Arena arena) {
    this.place = place;
    this.arena = arena;
  }

  // Memory

  ByteBuffer directMemory() {
    return requireMemory(directMemory);
  }

  byte[] heapMemory() {
    return requireMemory(heapMemory);
  }

  private <T> T requireMemory(@Nullable T memory) {
    if (memory == null) {
      throw new IllegalStateException("block: " + this + " (expected: memory of the other kind)");
    }
    return memory;
  }

  boolean hasMemoryAddress() {
    return upstreamMemory.hasMemoryAddress();
  }

  long address() {
    return address;
  }

  ByteBuf upstreamMemory() {
    return upstreamMemory;
  }

  /** Zeroes what was handed out since the last scrub. */
  void scrub() {
    harvestPeak();
    long used = (long) pool.hooks.physicalOffset(dirty) + alignmentMask;
    upstreamMemory.setZero(0, (int) Math.min(used, upstreamMemory.capacity()));
    dirty = 0;
  }

  @Override
  public String toString() {
    return "Block(%s, %s, position: %d, limit: %d, capacity: %d, nextSlot: %d, live: %d)"
        .formatted(kind, place, position, limit, capacity, nextSlot, live());
  }
}
