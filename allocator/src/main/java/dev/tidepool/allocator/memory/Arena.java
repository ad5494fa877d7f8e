package dev.tidepool.allocator.memory;

import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Leases blocks of one kind of memory from one pool, bump-allocates in them, resets.
 *
 * <p>Invariants, checked by {@link InvariantChecker}:
 *
 * <pre>
 *   heldBytes == sum of the capacities of the current, full, straggling and apart blocks
 *   a full, straggling or apart block has live &gt; 0
 * </pre>
 *
 * <p>An arena belongs to its pool for life. Only the pool's owner touches it, with one exception:
 * any thread may call {@link #tryAllocate}, which reads only a current block's {@code owner} before
 * it knows whether the caller is the owner.
 */
public final class Arena extends BlocksAside {
  /**
   * Buffers of this size and more are bumped in blocks of their own. Small survivors leave gaps
   * that no large buffer fits into; large buffers take the gaps that small ones would share.
   */
  private static final int LARGE = 8 * 1024;

  /**
   * Buffers of this size and more each get a block that fits, so a kept one holds no dead
   * neighbour, and leasing a block costs less than writing so many bytes. An arena that keeps
   * buffers beyond their request gives every large buffer its own block. Where no request ends and
   * buffers die at random, leasing and giving back costs more than sweeping.
   */
  private static final int ALONE = 24 * 1024;

  /** A connection whose next read is always under way has no more straggling blocks than this. */
  private static final int FEW = 1;

  private Block current = Block.NONE;

  /** The latest large buffer's block: after its release the next of its size reuses it. */
  private Block currentLarge = Block.NONE;

  private int request;
  private boolean keeps; // more than FEW blocks were held at the last reset

  public Arena(BlockPool pool, MemoryKind kind, ArenaHost host) {
    super(pool, kind, host);
  }

  // Allocation

  /** A buffer of {@code length} bytes. For the owner. */
  public ArenaByteBuf allocate(int length, int maxCapacity) {
    ArenaByteBuf buffer = tryAllocate(length, maxCapacity);
    return buffer != null ? buffer : allocateOwned(length, maxCapacity);
  }

  /** The fast path alone; null if it ends or the caller is not the owner. Any thread. */
  public @Nullable ArenaByteBuf tryAllocate(int length, int maxCapacity) {
    Block block = length < LARGE ? current : currentLarge;
    if (block.owner == Thread.currentThread() && makesRoom(block, length)) {
      ArenaByteBuf handle = block.handles[block.nextSlot];
      if (handle != null) {
        return block.take(handle, length, length, maxCapacity, request);
      }
    }
    return null;
  }

  /** Whether {@code length} bytes fit, in the next gap if too little is left of this one. */
  private static boolean makesRoom(Block block, int length) {
    return block.hasRoom(length) || (length > 0 && block.gaps.open(block, length));
  }

  /** The slow path of an allocation. For the owner, by thread or by lock. */
  public ArenaByteBuf allocateOwned(int length, int maxCapacity) {
    pool.drainRemoteReleases();
    int needed = Math.max(length, 1);
    Block block = length < LARGE ? blockFor(needed) : largeBlockFor(needed);
    return recorded(takeIn(block, length, needed, maxCapacity));
  }

  /** A buffer in memory of its own, which is not charged. For the owner, or under the lock. */
  public ArenaByteBuf allocateOverflow(int length, int maxCapacity) {
    pool.ownership().lock().lock();
    try {
      int needed = Math.max(length, 1);
      return recorded(takeIn(setApart(leaseOverflow(needed)), length, needed, maxCapacity));
    } finally {
      pool.ownership().lock().unlock();
    }
  }

  private ArenaByteBuf takeIn(Block block, int length, int needed, int maxCapacity) {
    pool.hooks.opening(block, needed);
    ArenaByteBuf handle = nextHandleIn(block);
    block.takeReserved(handle, length, block.aligned(needed), maxCapacity, request);
    if (block.place == Block.Place.APART) {
      harvestLarge(block);
    }
    pool.hooks.opened(handle);
    return handle;
  }

  /**
   * A buffer to read into, of at least {@code least} (at least 1) and at most {@code wanted} bytes:
   * what is left of the current block, or of a new one sized by reads, not by requests. The rest of
   * that block is for the next allocations. For the owner.
   */
  public ArenaByteBuf allocateToRead(int least, int wanted) {
    pool.drainRemoteReleases();
    Block block = least < LARGE ? blockToRead(least) : largeBlockFor(least);
    int length = Math.min(block.limit - block.position, wanted);
    return recorded(takeIn(block, length, length, Integer.MAX_VALUE));
  }

  /**
   * A buffer to move a grown one to. However large, it is bumped among others: there it may grow on
   * in place, and the next request finds room for all of it. For the owner.
   */
  ArenaByteBuf allocateToGrow(int length) {
    pool.drainRemoteReleases();
    return takeIn(blockFor(length), length, length, length);
  }

  private Block blockFor(int needed) {
    Block held = heldBlockFor(needed);
    if (held != null) {
      return held;
    }
    if (current != Block.NONE) {
      harvest(current); // the request has used it
    }
    return newBlockFor(needed, Math.max(needed, nextSize()), false);
  }

  private int nextSize() {
    return stragglingBlocks() > FEW
        ? nextSizeByHeld(leasedBytes)
        : nextSize(leasedBytes, isNoneFull());
  }

  private Block blockToRead(int needed) {
    Block held = heldBlockFor(needed);
    int smallest = pool.options.sizes().smallest();
    return held != null ? held : newBlockFor(needed, nextSizeToRead(needed, smallest), true);
  }

  private Block newBlockFor(int needed, int wanted, boolean toRead) {
    Block leased = leaseToBump(needed, SizeClasses.powerOfTwo(wanted));
    if (leased == null) {
      return setApart(overBudget(needed));
    }
    if (toRead) {
      noteLeasedToRead();
    }
    return bumpIn(leased, needed);
  }

  /** A block with room, without leasing one to bump in; too large buffers get their own. */
  private @Nullable Block heldBlockFor(int needed) {
    if (makesRoom(current, needed)) {
      return current;
    }
    if (needed > bumpLimit() / 2) {
      return blockApart(needed);
    }
    Block swept = sweepFor(needed);
    return swept != null ? makeCurrent(swept) : null;
  }

  private Block blockApart(int needed) {
    Block leased = lease(needed);
    return setApart(leased != null ? leased : overBudget(needed));
  }

  /** A block for a large buffer: shared with other large ones, or one that fits it alone. */
  private Block largeBlockFor(int needed) {
    if (makesRoom(currentLarge, needed)) {
      return currentLarge;
    }
    boolean alone = needed >= ALONE || keeps;
    Block swept = alone ? null : sweepLargeFor(needed);
    return swept != null ? makeCurrentLarge(swept) : newLargeBlockFor(needed, alone);
  }

  private Block newLargeBlockFor(int needed, boolean alone) {
    int wanted = alone ? needed : SizeClasses.powerOfTwo(Math.max(needed, partOf(leasedBytes)));
    int left = capacityFor(wanted) - needed;
    if (needed > bumpLimit() / 2 || left < currentLarge.limit - currentLarge.position) {
      return blockApart(needed);
    }
    Block leased = leaseToBump(needed, wanted);
    return leased != null ? makeCurrentLarge(leased) : setApart(overBudget(needed));
  }

  /** The block with more room left becomes the current one. */
  private Block bumpIn(Block leased, int needed) {
    boolean keepCurrent = leased.capacity - needed < current.limit - current.position;
    return keepCurrent ? setFull(leased) : makeCurrent(leased);
  }

  private Block makeCurrent(Block block) {
    setAside(current);
    current = block;
    return placeCurrent(block);
  }

  private Block makeCurrentLarge(Block block) {
    setAside(currentLarge);
    currentLarge = block;
    return placeCurrent(block);
  }

  private Block placeCurrent(Block block) {
    block.place(
        host.budget().wantsRoom() ? Block.Place.CURRENT_UNTIL_EMPTY : Block.Place.CURRENT, this);
    pool.noteRecent(block);
    return block;
  }

  /**
   * Bumps no more in {@code block}, a current one. If it is empty it goes back now, else at its
   * last release.
   */
  void setAside(Block block) {
    if (block.live() == 0) {
      giveBackIfEmpty(block);
      return;
    }
    boolean isLarge = block == currentLarge;
    settle(block);
    noLongerCurrent(block);
    if (!isLarge) {
      setFull(block);
    } else if (block.nextSlot == 1) {
      setApart(block);
    } else {
      setFullLarge(block);
    }
  }

  private void noLongerCurrent(Block block) {
    if (block == current) {
      current = Block.NONE;
    } else {
      currentLarge = Block.NONE;
    }
  }

  /** Counts what the request used of a current block. */
  private void settle(Block block) {
    if (block == current) {
      harvest(block);
    } else {
      harvestLarge(block);
    }
  }

  // Giving back

  /** The last buffer died in a block that does not wait for another. */
  void emptied(Block block) {
    if (block.isCurrent()) {
      giveBackCurrent(block);
      return;
    }
    forget(block);
    giveBack(block);
  }

  /** From now on the arena's blocks are given back when nothing is alive in them. */
  public void makeRoom() {
    makeRoomOf(current);
    makeRoomOf(currentLarge);
  }

  /** {@link #makeRoom} for one current block. */
  void makeRoomOf(Block block) {
    if (block.live() > 0) {
      block.place = Block.Place.CURRENT_UNTIL_EMPTY;
    } else {
      giveBackIfEmpty(block);
    }
  }

  /** Gives back the blocks that are held only for the next buffer. For the owner. */
  public void giveBackEmpty() {
    pool.drainRemoteReleases();
    giveBackIfEmpty(current);
    giveBackIfEmpty(currentLarge);
  }

  /** Likewise, and the current blocks in which something is alive when that dies. */
  public void giveBackWhenEmpty() {
    pool.drainRemoteReleases();
    makeRoom();
  }

  private void giveBackIfEmpty(Block block) {
    if (block != Block.NONE && block.live() == 0) {
      giveBackCurrent(block);
    }
  }

  void giveBackCurrent(Block block) {
    settle(block);
    noLongerCurrent(block);
    giveBack(block);
  }

  // Reset

  /**
   * Ends the request: blocks with nothing alive go back to the pool, the others stay. Costs
   * O(blocks held), however many buffers there were.
   *
   * @return bytes handed out since the last reset
   */
  public long reset() {
    pool.drainRemoteReleases();
    recordStragglers();
    endRequestOf(current);
    endRequestOf(currentLarge);
    straggle();
    keeps = leasedBlocks > FEW;
    return predict();
  }

  private void endRequestOf(Block block) {
    if (block.live() > 0) {
      settle(block);
    } else {
      giveBackIfEmpty(block);
    }
  }

  /** Allocations from now on belong to request {@code number}. */
  public void beginRequest(int number) {
    request = number;
  }

  /** Resets. Afterwards this arena leases nothing more. */
  public long close() {
    closed = true;
    setAside(current);
    setAside(currentLarge);
    return reset();
  }

  // What is there

  void forEachBlock(Consumer<Block> action) {
    if (current != Block.NONE) {
      action.accept(current);
    }
    if (currentLarge != Block.NONE) {
      action.accept(currentLarge);
    }
    forEachAside(action);
  }

  /**
   * Has {@code look} look at each block, at most {@code most} of each list, while it says to go on
   * in that list. Any thread: see {@link HeldFigures}.
   */
  void peekAtBlocks(int most, Predicate<Block> look) {
    peekAt(current, look);
    peekAt(currentLarge, look);
    peekAtAside(most, look);
  }

  private static void peekAt(Block block, Predicate<Block> look) {
    if (block != Block.NONE) {
      var unused = look.test(block);
    }
  }

  /** Calls {@code action} for each living buffer. */
  public void forEachLiving(Consumer<ArenaByteBuf> action) {
    pool.drainRemoteReleases();
    forEachBlock(block -> block.forEachLiving(action));
  }

  /**
   * Calls {@code action} for each living buffer amid an allocation: drains, gives back nothing.
   *
   * @return false, and nothing was called, if another thread has the pool in hand
   */
  public boolean peekAtLiving(Consumer<ArenaByteBuf> action) {
    return pool.ownership().tryRun(() -> forEachBlock(block -> block.forEachLiving(action)));
  }
}
