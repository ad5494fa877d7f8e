package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Idle blocks by size class, and everything that came from upstream through this pool.
 *
 * <p>Owned by one thread, or by none; then its lock stands for the owner. A pool without a thread
 * is a lane for the threads that have no pool of their own, or one whose event loop ended: what is
 * still alive stays valid, and its memory goes back upstream on the last release.
 *
 * <pre>
 *   allocated upstream - returned upstream == pooled + leased   (bytes; leased includes straggling)
 *   something to trim  implies  the clock is started, or the pool is closed
 * </pre>
 */
public final class BlockPool {
  final MemoryOptions options;
  private final Ownership ownership;
  final MemoryHooks hooks;
  private final Upstream upstream;
  final PoolClock clock;
  final IdleBlocks idle;
  final RecentBlocks recent = new RecentBlocks();
  private final PoolBlocks blocks = new PoolBlocks();
  private final RemoteReleases remote = new RemoteReleases();
  private final WakeUp wakeUp;
  private final Consumer<ArenaByteBuf> free = this::free;
  private final Consumer<Block> returnIdle = this::returnUpstream;

  private volatile boolean closed;
  private ArenaByteBuf[] scratch = new ArenaByteBuf[0];
  private long leased;

  /**
   * @param owner the thread that alone will touch this pool, or null if the lock guards it
   */
  public BlockPool(
      MemoryOptions options, Upstream upstream, TrimTimer timer, @Nullable Thread owner) {
    this.options = options;
    this.hooks = MemoryHooks.of(options);
    this.upstream = upstream;
    this.clock = new PoolClock(this, timer);
    this.wakeUp = new WakeUp(this, timer);
    this.ownership = new Ownership(owner);
    this.idle = new IdleBlocks(options);
  }

  // Ownership

  /** Who may touch this pool, its blocks and the arenas that lease from it. */
  public Ownership ownership() {
    return ownership;
  }

  public boolean isClosed() {
    return closed;
  }

  // Leasing

  /**
   * A block of {@code capacity} bytes: of its class the hottest idle one, else a new one. What no
   * class is large enough for, {@code sizeClass == count()}, is always new.
   */
  Block lease(MemoryKind kind, int sizeClass, int capacity) {
    Block block = sizeClass < options.sizes().count() ? idle.take(kind, sizeClass) : null;
    if (block == null) {
      return leaseNew(kind, sizeClass, capacity);
    }
    leased += capacity;
    hooks.leasedAgain(block);
    return block;
  }

  private Block leaseNew(MemoryKind kind, int sizeClass, int capacity) {
    ByteBuf memory = upstream.allocateFor(this, kind, hooks.physicalOffset(capacity));
    Block block = new Block(this, kind, sizeClass, capacity, memory);
    block.owner = options.checksFull() ? null : ownership.thread();
    blocks.add(block);
    leased += capacity;
    clock.start();
    hooks.leasedNew(block);
    return block;
  }

  /** Takes a block back that nothing alive is in any more. */
  void giveBack(Block block) {
    block.place(Block.Place.POOLED, null);
    leased -= block.capacity;
    hooks.givenBack(block);
    if (options.scrub()) {
      block.scrub();
    }
    clock.start();
    if (closed || !idle.hasPlaceFor(block)) {
      returnUpstream(block);
    } else {
      idle.put(block, returnIdle);
    }
  }

  private void returnUpstream(Block block) {
    block.place(Block.Place.RETURNED, null);
    block.owner = null;
    blocks.remove(block);
    recent.remove(block);
    upstream.release(block.kind, block.upstreamMemory());
  }

  // Releases from other threads

  /**
   * The last reference to {@code handle} is gone, and it is not the owner's plain release.
   *
   * <p>A thread that waits for room must not wait for the next trim. This is Dekker's store-load
   * pattern: it says that room is wanted, then has the pool drained; this thread pushes the handle,
   * then reads whether room is wanted. Each of the four is a volatile access or an atomic
   * read-modify-write, so they have one total order: either the drain finds the handle, or this
   * thread finds that room is wanted, and wakes the owner.
   */
  void released(ArenaByteBuf handle) {
    hooks.released(handle);
    if (ownership.isThread()) {
      free(handle);
      return;
    }
    Block block = handle.block; // read before the push; afterwards the handle is the owner's
    ArenaHost host = options.budgets() ? block.host() : null;
    int waiting = remote.pushRemoteRelease(handle);
    if (host != null && host.budgetAcquire().wantsRoom()) {
      wakeUp.drain();
    }
    if (clock.isResting() || waiting >= RemoteReleases.MUCH) {
      wakeForReleased();
    }
  }

  /** Nobody else would, or not soon. */
  private void wakeForReleased() {
    if (closed) { // close sets the flag, then drains: one of the two sees this handle
      ownership.locked(this::drainRemoteReleases);
    } else {
      wakeUp.drainUnlessUnderWay();
    }
  }

  /**
   * Whether the owner has something to give back that it was told of and has not yet. Any thread.
   */
  public boolean isAboutToGiveBack() {
    return wakeUp.isUnderWay() || remote.isPendingAcquire();
  }

  /** Frees what other threads released. Called wherever the owner does anything but the fastest. */
  public void drainRemoteReleases() {
    if (!remote.isEmptyOpaque()) {
      drainAtomic();
    }
  }

  /** The same, not only at a glance: all that was pushed before is seen. */
  public void drainAtomic() {
    remote.drainAtomic(free);
  }

  /** The same for a woken owner. The clock ticks after that: more of the like need wake nobody. */
  void drainAndWatch() {
    clock.start();
    drainAtomic();
  }

  /** The owner frees what it found released. */
  void free(ArenaByteBuf handle) {
    Block block = handle.block;
    hooks.freeing(handle);
    handle.statePlain(0);
    block.free(handle);
    hooks.freed(block);
  }

  /** Room for the handles of a block that is swept. What it refers to is stale afterwards. */
  ArenaByteBuf[] scratchFor(int slots) {
    if (scratch.length < slots) {
      clock.start(); // a tick empties it again
      scratch = new ArenaByteBuf[Integer.highestOneBit(slots) * 2];
    }
    return scratch;
  }

  // Room for those who wait

  /** Somebody waits for room: no block is held with nothing alive in it, from now on. */
  public void makeRoom() {
    drainAtomic();
    List<Block> current = new ArrayList<>();
    forEachBlock(
        block -> {
          if (block.isCurrent()) {
            current.add(block);
          }
        });
    current.forEach(block -> block.arena().makeRoomOf(block)); // may send idle blocks away
  }

  /** Does at once what a task on its way is to do, and drains. */
  public void catchUp() {
    wakeUp.catchUp();
  }

  /** {@link #makeRoom} by a task, at most one at a time. Any thread, with whatever locks. */
  public void makeRoomSoon() {
    wakeUp.makeRoomSoon();
  }

  // Trimming

  /**
   * The clock: returns upstream what lay idle for three quarters of an interval. Looks at what is
   * idle, and at what was bumped in since the last tick, however much else is held. Without any of
   * these the clock rests: what is held comes back by the owner's doing, which starts it, or by
   * another thread's release, which wakes the owner. So a tick follows whatever block comes from
   * upstream or is given back, and then none.
   *
   * @return whether there is something left to trim, so that the clock must go on
   */
  public boolean trimTick() {
    drainRemoteReleases();
    recent.giveBackEmpty();
    scratch = new ArenaByteBuf[0]; // its handles must not outlive their blocks for long
    idle.trimIdle(returnIdle);
    restIfNothingToTrim();
    return hasToTrim();
  }

  private void restIfNothingToTrim() {
    if (!hasToTrim()) {
      clock.rest();
      drainAtomic();
    }
  }

  boolean hasToTrim() {
    return idle.bytes() > 0 || !recent.isEmpty();
  }

  /** An arena bumps in {@code block}, and only the clock finds out when it is empty. */
  void noteRecent(Block block) {
    clock.start();
    recent.add(block);
  }

  /** The last buffer in {@code block} died, and it is not one that the clock is to look at. */
  void emptied(Block block) {
    if (block.place == Block.Place.CURRENT_SEEN) {
      block.place = Block.Place.CURRENT;
      noteRecent(block);
    } else if (block.isLeased()) {
      block.arena().emptied(block);
    }
  }

  /** Returns every idle block upstream, now. */
  public void trimAll() {
    drainRemoteReleases();
    recent.giveBackEmpty();
    returnAllIdle();
    restIfNothingToTrim();
  }

  private void returnAllIdle() {
    idle.trimAll(returnIdle);
    scratch = new ArenaByteBuf[0];
  }

  // The end

  /**
   * The owner thread ends, or this pool's use of it: idle blocks return upstream now, the others on
   * the last release of their buffers. From here on the lock guards everything.
   */
  public void close() {
    ownership.locked(
        () -> {
          if (closed) {
            return;
          }
          drainRemoteReleases();
          forEachBlock(block -> block.owner = null);
          ownership.endThread();
          clock.rest();
          closed = true;
          drainAtomic(); // what is pushed from now on, its releaser drains
          setCurrentBlocksAside();
          returnAllIdle();
        });
  }

  /** Nobody allocates here any more, so nobody but the last release would give them back. */
  private void setCurrentBlocksAside() {
    forEachBlock(
        block -> {
          if (block.isCurrent()) {
            block.arena().setAside(block);
          }
        });
  }

  // All blocks

  /** The action may return the block it is given upstream. */
  void forEachBlock(Consumer<Block> action) {
    blocks.forEach(action);
  }

  /** Bytes of idle blocks. Exact for the owner, a recent value for others. */
  public long pooledBytes() {
    return idle.bytes();
  }

  /** Bytes of blocks that arenas hold. Exact for the owner, a recent value for others. */
  public long leasedBytes() {
    return leased;
  }
}
