package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The idle blocks of one owner by size class, and all blocks that this pool took from upstream.
 *
 * <p>The owner is a thread or, if there is none, the holder of the lock. A pool without a thread is
 * a lane for threads without a pool of their own, or its event loop ended: then living buffers stay
 * valid, and their memory goes back upstream on the last release.
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
  private long trimmed;

  /**
   * Buffers until the next that {@link LeakSampler} samples. Threads without a pool race for it,
   * which only moves the next sample.
   */
  int untilSample;

  /**
   * @param owner the thread that alone will touch this pool, or null if the lock guards it
   */
  public BlockPool(
      MemoryOptions options, Upstream upstream, TrimTimer timer, @Nullable Thread owner) {
    this(options, upstream, timer, owner, new ReentrantLock());
  }

  /**
   * @param owner the thread that alone will touch this pool, or null if {@code lock} guards it
   */
  public BlockPool(
      MemoryOptions options,
      Upstream upstream,
      TrimTimer timer,
      @Nullable Thread owner,
      ReentrantLock lock) {
    this.options = options;
    this.hooks = MemoryHooks.of(options);
    this.upstream = upstream;
    this.clock = new PoolClock(this, timer);
    this.wakeUp = new WakeUp(this, timer);
    this.ownership = new Ownership(owner, lock);
    this.idle = new IdleBlocks(options);
  }

  // Ownership

  /** The right to touch this pool, its blocks and the arenas that lease from it. */
  public Ownership ownership() {
    return ownership;
  }

  public boolean isClosed() {
    return closed;
  }

  // Leasing

  /**
   * A block of {@code capacity} bytes: the hottest idle one of its class, else a new one. A block
   * larger than every class, {@code sizeClass == count()}, is always new.
   */
  Block lease(MemoryKind kind, int sizeClass, int capacity) {
    Block block = sizeClass < options.sizes().count() ? idle.take(kind, sizeClass) : null;
    if (block == null) {
      return leaseNew(kind, sizeClass, capacity);
    }
    leased += capacity;
    VarHandle.releaseFence(); // what is written to it from here on comes after its last turn
    hooks.leasedAgain(block);
    return block;
  }

  private Block leaseNew(MemoryKind kind, int sizeClass, int capacity) {
    ByteBuf memory = upstream.allocateFor(this, kind, hooks.physicalOffset(capacity));
    Block block = new Block(this, kind, sizeClass, capacity, memory);
    block.owner = ownerOfBlocks();
    blocks.add(block);
    leased += capacity;
    FlightRecords.allocated(block);
    clock.start();
    VarHandle.releaseFence(); // other threads find it through its arena
    hooks.leasedNew(block);
    return block;
  }

  /** The thread whose allocations and releases take the fast path; null if none does. */
  @Nullable Thread ownerOfBlocks() {
    return options.checksFull() ? null : ownership.thread();
  }

  /** Takes back a block in which nothing is alive any more. */
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
    if (block.recorder != null) {
      block.recorder.trimmed(block);
    }
    FlightRecords.freed(block);
    block.place(Block.Place.RETURNED, null);
    block.owner = null;
    blocks.remove(block);
    recent.remove(block);
    upstream.release(block.kind, block.upstreamMemory());
  }

  // Releases from other threads

  /**
   * Frees {@code handle}, or hands it to the owner: its last reference is gone.
   *
   * <p>A thread that waits for room must not wait for the next trim. This is Dekker's store-load
   * pattern. The waiting thread writes that room is wanted, then has the pool drained; this thread
   * pushes the handle, then reads whether room is wanted. Each of the four is a volatile access or
   * an atomic read-modify-write, so they have one total order: either the drain finds the handle,
   * or this thread finds that room is wanted, and wakes the owner.
   */
  void released(ArenaByteBuf handle) {
    hooks.released(handle);
    if (ownership.isThread()) {
      free(handle);
      return;
    }
    Block block = handle.block; // read before the push: afterwards the handle is the owner's
    ArenaHost host = options.budgets() ? block.host() : null;
    int waiting = remote.pushRemoteRelease(handle);
    if (host != null && host.budgetAcquire().wantsRoom()) {
      wakeUp.drain();
    }
    if (clock.isResting() || waiting >= RemoteReleases.MUCH) {
      wakeForReleased();
    }
  }

  /** The owner would not look, or not soon. */
  private void wakeForReleased() {
    if (closed) { // Dekker: close sets the flag, then drains; this thread pushed before
      ownership.locked(this::drainRemoteReleases);
    } else {
      wakeUp.drainUnlessUnderWay();
    }
  }

  /**
   * Whether the owner was told of something to give back and has not given it back yet. Any thread.
   */
  public boolean isAboutToGiveBack() {
    return wakeUp.isUnderWay() || remote.isPendingAcquire();
  }

  /** Frees what other threads released, seen at a glance. On every slow path of the owner. */
  public void drainRemoteReleases() {
    if (!remote.isEmptyOpaque()) {
      drainAtomic();
    }
  }

  /** Frees all that other threads pushed before this call, even what a glance would miss. */
  public void drainAtomic() {
    remote.drainAtomic(free);
  }

  /** Drains for a woken owner. The clock ticks from then on: further releases wake no thread. */
  void drainAndWatch() {
    clock.start();
    drainAtomic();
  }

  /** Frees a released handle. For the owner. */
  void free(ArenaByteBuf handle) {
    ArenaRecorder recorder = handle.block.recorder;
    if (recorder != null) {
      recorder.released(handle);
    }
    FlightRecords.freed(handle);
    freeRange(handle);
  }

  /** Frees the range of a handle that is, or is no more, any buffer's. For the owner. */
  void freeRange(ArenaByteBuf handle) {
    Block block = handle.block;
    hooks.freeing(handle);
    handle.statePlain(0);
    block.free(handle);
    hooks.freed(block);
  }

  /** Scratch space for the handles of a block to sweep. Its entries are stale afterwards. */
  ArenaByteBuf[] scratchFor(int slots) {
    if (scratch.length < slots) {
      clock.start(); // a tick empties it again
      scratch = new ArenaByteBuf[Integer.highestOneBit(slots) * 2];
    }
    return scratch;
  }

  // Room for reads that wait

  /** A read waits for room: from now on no block is held with nothing alive in it. */
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

  /** Does now what a scheduled task would do, and drains. */
  public void catchUp() {
    wakeUp.catchUp();
  }

  /** Runs {@link #makeRoom} in a task, at most one at a time. Any thread, whatever its locks. */
  public void makeRoomSoon() {
    wakeUp.makeRoomSoon();
  }

  // Trimming

  /**
   * One tick of the clock: returns upstream the blocks idle for three quarters of an interval. It
   * looks only at idle blocks and at those bumped in since the last tick, however many are held. If
   * there are none the clock rests. A held block comes back when the owner gives it back, which
   * starts the clock, or when another thread's release wakes the owner. So each lease from upstream
   * and each return is followed by a tick, and then by none.
   *
   * @return whether there is something left to trim, so that the clock must go on
   */
  public boolean trimTick() {
    drainRemoteReleases();
    recent.giveBackEmpty();
    scratch = new ArenaByteBuf[0]; // its handles must not outlive their blocks for long
    trim(idle::trimIdle);
    restIfNothingToTrim();
    return hasToTrim();
  }

  private void restIfNothingToTrim() {
    if (!hasToTrim()) {
      clock.rest();
      drainAtomic();
    }
  }

  /** No tick will come, though there is something to trim. For the owner. */
  public void clockStopped() {
    clock.rest();
    drainAtomic();
  }

  boolean hasToTrim() {
    return idle.bytes() > 0 || !recent.isEmpty();
  }

  /** Lists a block that an arena bumps in: only the clock finds out when it is empty. */
  void noteRecent(Block block) {
    clock.start();
    recent.add(block);
  }

  /** The last buffer in {@code block} died, and the clock does not look at it. */
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
    trim(idle::trimAll);
    scratch = new ArenaByteBuf[0];
  }

  private void trim(Consumer<Consumer<Block>> trim) {
    long before = idle.bytes();
    trim.accept(returnIdle);
    long bytes = before - idle.bytes();
    trimmed += bytes;
    upstream.trimmed(bytes);
  }

  // The end

  /**
   * Ends the owner thread's use of this pool: idle blocks return upstream now, the others on the
   * last release of their buffers. From here on the lock guards everything.
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
          drainAtomic(); // a thread that pushes from now on sees closed, and drains
          setCurrentBlocksAside();
          returnAllIdle();
        });
  }

  /** No allocation follows here, so only the last release could give current blocks back. */
  private void setCurrentBlocksAside() {
    forEachBlock(
        block -> {
          if (block.isCurrent()) {
            block.arena().setAside(block);
          }
        });
  }

  // All blocks

  /** Calls {@code action} for each block; the action may return that block upstream. */
  void forEachBlock(Consumer<Block> action) {
    blocks.forEach(action);
  }

  /** Bytes of idle blocks. Exact for the owner, a recent value for others. */
  public long pooledBytes() {
    return idle.bytes();
  }

  /** Bytes of idle blocks that trims returned upstream. Exact for the owner, recent for others. */
  public long trimmedBytes() {
    return trimmed;
  }

  /** The idle blocks by size class, the smallest first. Exact for the owner, recent for others. */
  public List<IdleBlocks.Count> idleBlocks() {
    return idle.counts(options.sizes());
  }

  /** Bytes of blocks that arenas hold. Exact for the owner, a recent value for others. */
  public long leasedBytes() {
    return leased;
  }
}
