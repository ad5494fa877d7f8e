package dev.tidepool.allocator.memory;

import java.lang.invoke.VarHandle;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Sums over the blocks that arenas hold and the buffers in them, which any thread may take without
 * stopping the owner.
 *
 * <pre>
 *   alive + released + straggling + free == sum of the capacities of the blocks counted
 *   each is at least 0; a block counts at most once for its arena
 * </pre>
 *
 * <p>For the owner they are exact. Another thread reads plain fields that the owner is writing: it
 * may find a buffer of a moment ago, and miss a block that goes from one list to another.
 *
 * <p>It never counts what another arena did with a block. The turn in a block, {@code idleSince},
 * changes when the pool gets it back, and {@link BlockPool#lease} has a release fence before the
 * next arena writes to it. A reader of that arena's writes therefore finds, after its acquire
 * fence, another turn or another arena, and drops the block. This is a sequence lock whose writer
 * pays no store.
 */
public final class HeldFigures {
  /** The request of an arena whose user is closed: every buffer in it is a straggler. */
  public static final int ENDED = -2;

  /** How often a thread that is not the owner starts again if blocks came or went meanwhile. */
  private static final int ATTEMPTS = 3;

  /** The buffers looked at in a block when all of them would be more than may be looked at. */
  private static final int SAMPLE = 64;

  private long alive;
  private long released;
  private long straggling;
  private long free;
  private int blocks;
  private int buffers;
  private int stragglers;
  private int looks;

  /**
   * @param looks the number of slots to look at. When they are used up, some of each block's are
   *     looked at, and stand for all of them
   */
  public HeldFigures(int looks) {
    this.looks = looks;
  }

  // Summing

  /** Adds what {@code other} found, and takes off the looks that it used. */
  public void add(HeldFigures other) {
    alive += other.alive;
    released += other.released;
    straggling += other.straggling;
    free += other.free;
    blocks += other.blocks;
    buffers += other.buffers;
    stragglers += other.stragglers;
    looks = Math.min(looks, other.looks);
  }

  /**
   * Adds what {@code arena} holds.
   *
   * @param request the number of the current request, or {@link #ENDED}
   */
  public void add(Arena arena, int request) {
    int expected = arena.heldBlocks();
    if (expected > 0) {
      add(settled(arena, request, expected));
    }
  }

  private HeldFigures settled(Arena arena, int request, int expected) {
    HeldFigures found = walk(arena, request, expected);
    for (int i = 1; i < ATTEMPTS && found.blocks != arena.heldBlocks(); i++) {
      found = walk(arena, request, arena.heldBlocks());
    }
    return found;
  }

  private HeldFigures walk(Arena arena, int request, int expected) {
    HeldFigures found = new HeldFigures(looks);
    Set<Block> seen = Collections.newSetFromMap(new IdentityHashMap<>(Math.min(expected, SAMPLE)));
    arena.peekAtBlocks(
        expected,
        block -> block.isOf(arena) && (!seen.add(block) || found.look(block, arena, request)));
    return found;
  }

  // One block

  /**
   * Adds {@code block}.
   *
   * @return false, and nothing was added, if it was given back meanwhile
   */
  private boolean look(Block block, Arena arena, int request) {
    int turn = block.idleSince;
    if (!block.isOf(arena)) {
      return false;
    }
    VarHandle.acquireFence();
    HeldFigures inBlock = new HeldFigures(looks);
    inBlock.lookAtSlots(block, request);
    inBlock.lookAtRange(block);
    VarHandle.acquireFence();
    if (block.idleSince != turn || !block.isOf(arena)) {
      return false;
    }
    add(inBlock);
    return true;
  }

  private void lookAtSlots(Block block, int request) {
    ArenaByteBuf[] handles = block.handles;
    int slots = Math.min(block.nextSlot, handles.length);
    int step = slots <= looks ? 1 : Math.max(1, slots / SAMPLE);
    for (int slot = 0; slot < slots; slot += step) {
      ArenaByteBuf handle = handles[slot];
      if (handle != null && handle.isAlivePlain()) {
        count(handle, request, Math.min(step, slots - slot));
      }
    }
    looks = Math.max(0, looks - slots / step);
  }

  /**
   * A buffer that backs another one is of its request, which is not known; it is no buffer more.
   */
  private void count(ArenaByteBuf handle, int request, int times) {
    int of = handle.request;
    int counted = of == ArenaByteBuf.OF_NO_REQUEST ? 0 : times;
    buffers += counted;
    if (of == request || (counted == 0 && request != ENDED)) {
      alive += (long) handle.reserved * times;
    } else {
      straggling += (long) handle.reserved * times;
      stragglers += counted;
    }
  }

  /**
   * What is left of the block is free or released. Bounds hold for racing reads too: where the
   * range has changed since the slots were looked at, the buffers seen there count with their
   * bytes.
   */
  private void lookAtRange(Block block) {
    int capacity = block.capacity;
    blocks = 1;
    straggling = Math.min(straggling, capacity);
    alive = Math.min(alive, capacity - straggling);
    long range = (long) block.limit - block.position + block.gaps.left();
    free = Math.max(0, Math.min(range, capacity - straggling - alive));
    released = capacity - straggling - alive - free;
  }

  // What was found

  /** Bytes of the blocks. */
  public long heldBytes() {
    return alive + released + straggling + free;
  }

  /** Bytes of living buffers of the current request. */
  public long aliveBytes() {
    return alive;
  }

  /** Bytes that are neither alive nor free: a reset or a sweep frees them. */
  public long releasedBytes() {
    return released;
  }

  /** Bytes of living buffers that outlived their request. */
  public long stragglingBytes() {
    return straggling;
  }

  /** Bytes to bump in. */
  public long freeBytes() {
    return free;
  }

  public int blocks() {
    return blocks;
  }

  /** Living buffers, stragglers included. */
  public int liveBuffers() {
    return buffers;
  }

  public int stragglers() {
    return stragglers;
  }

  /** The number of slots that may still be looked at. */
  public int looks() {
    return looks;
  }
}
