package dev.tidepool.allocator.memory;

import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Leases blocks of one kind of memory from one pool, bump-allocates in them, resets.
 *
 * <p>Invariants, checked by {@link InvariantChecker}:
 *
 * <pre>
 *   heldBytes == sum of the capacities of the current, the full and the straggling blocks
 *   a full or straggling block has live &gt; 0
 * </pre>
 *
 * <p>An arena belongs to its pool for life, and is touched only by the pool's owner. Only {@link
 * #allocate} and {@link #tryAllocate} may be called by anybody: they look no further than the
 * current block's owner before they know.
 */
public final class Arena extends Leases {
  /** Blocks are bumped in up to this size; larger ones are leased for one large buffer each. */
  private static final int BUMP_LIMIT = 256 * 1024;

  /**
   * With many blocks set aside, buffers of this size and more are bumped in blocks of their own.
   */
  private static final int LARGE = 8 * 1024;

  private static final int MANY = 4;

  private BlockList full = BlockList.NONE;
  private BlockList straggling = BlockList.NONE;

  /**
   * Where large buffers are bumped. Small survivors would leave gaps between large ones that no
   * large one fits into, and large ones take the gaps that small ones would have shared; but an
   * arena that holds a block or two is better off with one kind.
   */
  private Arena large = this;

  /** This one, unless it is where the large buffers of another are bumped. */
  private final Arena whole;

  private Block current = Block.NONE;
  private int request;

  public Arena(BlockPool pool, MemoryKind kind, ArenaHost host) {
    super(pool, kind, host);
    this.whole = this;
  }

  private Arena(Arena small) {
    super(small.pool, small.kind, small.host);
    this.whole = small;
    this.request = small.request;
    this.closed = small.closed;
  }

  // Allocation

  /**
   * A buffer of {@code length} bytes. The fast path: the current block is the caller's own, has
   * room, and had this many buffers before.
   */
  public ArenaByteBuf allocate(int length, int maxCapacity) {
    ArenaByteBuf buffer = tryAllocate(length, maxCapacity);
    return buffer != null ? buffer : host.allocateSlow(this, length, maxCapacity);
  }

  /** The fast path alone: null where it ends, whoever the caller is. */
  public @Nullable ArenaByteBuf tryAllocate(int length, int maxCapacity) {
    Block block = (length < LARGE ? this : large).current;
    if (block.owner == Thread.currentThread() && makesRoomFor(length, block)) {
      ArenaByteBuf handle = block.handles[block.nextSlot];
      if (handle != null) {
        return block.take(handle, length, length, maxCapacity, request);
      }
    }
    return null;
  }

  /** In the next gap, if what is left of this one is too little. */
  private static boolean makesRoomFor(int length, Block block) {
    return block.hasRoomFor(length) || (length > 0 && block.gaps.open(block, length));
  }

  /** The same for the owner, when the fast path ended, or with the lock in hand. */
  public ArenaByteBuf allocateOwned(int length, int maxCapacity) {
    pool.drainRemoteReleases();
    int needed = Math.max(length, 1);
    return takeIn((length < LARGE ? this : large).blockFor(needed), length, needed, maxCapacity);
  }

  /** The same in memory of its own that is not charged, for the owner or under the lock. */
  public ArenaByteBuf allocateOverflow(int length, int maxCapacity) {
    pool.lock.lock();
    try {
      int needed = Math.max(length, 1);
      return takeIn(setAside(leaseOverflow(needed)), length, needed, maxCapacity);
    } finally {
      pool.lock.unlock();
    }
  }

  private ArenaByteBuf takeIn(Block block, int length, int needed, int maxCapacity) {
    pool.watch.opening(block, needed);
    ArenaByteBuf handle = block.nextHandle();
    block.takeReserved(handle, length, block.aligned(needed), maxCapacity, request);
    pool.watch.opened(handle);
    return handle;
  }

  /**
   * A buffer to read into, of up to {@code wanted} bytes and no fewer than {@code least}, which is
   * at least 1: as many as are left of the block at hand, or of one as large as reads need, however
   * much requests used. The rest of that block is for what is allocated next. For the owner.
   */
  public ArenaByteBuf allocateToRead(int least, int wanted) {
    pool.drainRemoteReleases();
    Block block = (least < LARGE ? this : large).blockToRead(least);
    int length = Math.min(block.limit - block.position, wanted);
    return takeIn(block, length, length, Integer.MAX_VALUE);
  }

  private Block blockFor(int needed) {
    Block held = heldBlockFor(needed);
    return held != null ? held : newBlockFor(needed, nextSize(needed), false);
  }

  private Block blockToRead(int needed) {
    Block held = heldBlockFor(needed);
    int smallest = pool.options.sizes().smallest();
    return held != null ? held : newBlockFor(needed, nextSizeToRead(needed, smallest), true);
  }

  private Block newBlockFor(int needed, int wanted, boolean toRead) {
    Block leased = leaseToBump(needed, wanted);
    if (leased == null) {
      return setAside(overBudget(needed));
    }
    noteLeased(leased.capacity, toRead);
    return bumpIn(leased, needed);
  }

  /** A block with room, without leasing one to bump in; large buffers get one of their own. */
  private @Nullable Block heldBlockFor(int needed) {
    if (current.hasRoom(needed) || current.gaps.open(current, needed)) {
      return current;
    }
    if (needed > bumpLimit() / 2) {
      Block leased = lease(needed);
      return setAside(leased != null ? leased : overBudget(needed));
    }
    Block swept = sweepFor(needed);
    if (swept != null) {
      return makeCurrent(swept);
    }
    splitIfMany();
    return null;
  }

  /** From the next large buffer on. */
  private void splitIfMany() {
    if (large == this && whole == this && full.size() + straggling.size() >= MANY) {
      Arena apart = new Arena(this);
      VarHandle.releaseFence(); // other threads look at it before they know it is not theirs
      large = apart;
    }
  }

  /** Of {@code wanted} bytes or, if there are not so many to be had, as small as will do. */
  private @Nullable Block leaseToBump(int needed, int wanted) {
    SizeClasses sizes = pool.options.sizes();
    if (sizes.classFor(wanted) == sizes.classFor(needed)) {
      return lease(needed);
    }
    try {
      Block leased = lease(wanted);
      return leased != null ? leased : lease(needed);
    } catch (OutOfMemoryError e) {
      return lease(needed);
    }
  }

  /** The block with more room left becomes the current one. */
  private Block bumpIn(Block leased, int needed) {
    boolean keepCurrent = leased.capacity - needed < current.limit - current.position;
    return keepCurrent ? setAside(leased) : makeCurrent(leased);
  }

  @Override
  int bumpLimit() {
    return Math.min(BUMP_LIMIT, pool.options.sizes().largest());
  }

  private Block makeCurrent(Block block) {
    setCurrentAside();
    current = block;
    block.place(host.wantsRoom() ? Block.Place.CURRENT_UNTIL_EMPTY : Block.Place.CURRENT, this);
    pool.noteRecent(block);
    return block;
  }

  /** Bumps no more in the current block: its last release, if that has not been, gives it back. */
  void setCurrentAside() {
    Block block = current;
    if (block == Block.NONE) {
      return;
    }
    if (block.live() == 0) {
      giveBackCurrent();
    } else {
      current = Block.NONE;
      setAside(block);
    }
  }

  private Block setAside(Block block) {
    full = full.with(block);
    block.place(Block.Place.FULL, this);
    return block;
  }

  // Giving back

  /** The last buffer in a block died that is not to wait for another. */
  void emptied(Block block) {
    if (block == current) {
      giveBackCurrent();
      return;
    }
    (block.place == Block.Place.FULL ? full : straggling).remove(block);
    giveBack(block);
  }

  /** Somebody waits for room: no block is held with nothing alive in it, from now on. */
  public void makeRoom() {
    makeRoomOfCurrent();
    if (large != this) {
      large.makeRoomOfCurrent();
    }
  }

  void makeRoomOfCurrent() {
    if (current.live() > 0) {
      current.place = Block.Place.CURRENT_UNTIL_EMPTY;
    } else if (current != Block.NONE) {
      giveBackCurrent();
    }
  }

  /** A block with nothing alive in it is held for the next buffer only. For the owner. */
  public void giveBackEmpty() {
    pool.drainRemoteReleases();
    if (current != Block.NONE && current.live() == 0) {
      giveBackCurrent();
    }
    if (large != this) {
      large.giveBackEmpty();
    }
  }

  void giveBackCurrent() {
    Block block = current;
    current = Block.NONE;
    giveBack(block);
  }

  // Sweeping

  private @Nullable Block sweepFor(int needed) {
    Block found = Sweeper.sweepFor(straggling, needed);
    return found != null ? found : Sweeper.sweepFor(full, needed);
  }

  // Reset

  /**
   * The end of a request: blocks with nothing alive go back to the pool, the others stay. Costs
   * O(blocks held), however many buffers there were.
   *
   * @return bytes handed out since the last reset
   */
  public long reset() {
    pool.drainRemoteReleases();
    long bytes = endRequest();
    if (large != this) {
      bytes += large.endRequest();
      rejoinIfEmpty();
    }
    return bytes;
  }

  private void rejoinIfEmpty() {
    if (leasedBytes + large.leasedBytes == 0) {
      large = this;
    }
  }

  private void straggle(Block block) {
    harvest(block);
    full.remove(block);
    block.place(Block.Place.STRAGGLING, this);
    straggling = straggling.with(block);
  }

  private long endRequest() {
    Block block = current;
    if (block != Block.NONE) {
      if (block.live() == 0) {
        giveBackCurrent();
      } else {
        harvest(block);
      }
    }
    for (Block first = full.first(); first != null; first = full.first()) {
      straggle(first);
    }
    return predict();
  }

  /** What is allocated from now on belongs to request {@code number}. */
  public void beginRequest(int number) {
    request = number;
    large.request = number;
  }

  /** A reset after which this arena leases nothing more. */
  public long close() {
    closed = true;
    setCurrentAside();
    large.closed = true;
    large.setCurrentAside();
    return reset();
  }

  // What is there

  /** Whether {@code block} is held for this arena's buffers, large ones included. */
  boolean holds(Block block) {
    return block.arena() == this || block.arena() == large;
  }

  public BlockPool pool() {
    return pool;
  }

  public MemoryKind kind() {
    return kind;
  }

  ArenaHost host() {
    return host;
  }

  @Override
  Arena whole() {
    return whole;
  }

  /** Bytes of the blocks held. Exact for the owner, a recent value for others. */
  public long heldBytes() {
    Arena other = large; // read once: other threads look too
    return other == this ? leasedBytes : leasedBytes + other.leasedBytes;
  }

  /** Blocks held. Exact for the owner, a recent value for others. */
  public int heldBlocks() {
    Arena other = large;
    return other == this ? leasedBlocks : leasedBlocks + other.leasedBlocks;
  }

  void forEachBlock(Consumer<Block> action) {
    if (current != Block.NONE) {
      action.accept(current);
    }
    full.forEach(action);
    straggling.forEach(action);
    if (large != this) {
      large.forEachBlock(action);
    }
  }

  /** Calls {@code action} for each living buffer. */
  public void forEachLiving(Consumer<ArenaByteBuf> action) {
    pool.drainRemoteReleases();
    forEachBlock(block -> block.forEachLiving(action));
  }

  /**
   * The same in the middle of an allocation: nothing is drained or given back.
   *
   * @return false, and nothing was called, if another thread has the pool in hand
   */
  public boolean peekAtLiving(Consumer<ArenaByteBuf> action) {
    return pool.tryOwned(() -> forEachBlock(block -> block.forEachLiving(action)));
  }
}
