package dev.tidepool.allocator.memory;

import org.jspecify.annotations.Nullable;

/**
 * The layer of an {@link Arena} that accounts for the blocks it holds, with its pool and its
 * budget. What exceeds the budget overflows, if the budget lets it: memory for one buffer, of no
 * size class, straight from upstream and back there on release.
 *
 * <pre>
 *   leasedBytes == charged + overflowed
 * </pre>
 *
 * <p>The pool's owner only.
 */
abstract class ArenaAccount extends Prediction {
  /** The largest block that small buffers share. */
  private static final int BUMP_LIMIT = 256 * 1024;

  /** The size class of a block that overflowed. */
  private static final int OVERFLOW = Integer.MAX_VALUE;

  final BlockPool pool;
  final MemoryKind kind;
  final ArenaHost host;

  // Exact for the owner; a recent value for others.
  long leasedBytes;
  int leasedBlocks;

  /** Set by close: the arena leases nothing more. */
  boolean closed;

  /** The recorder of this arena's events, if they are recorded. Its user's; the owner only. */
  @Nullable ArenaRecorder recorder;

  ArenaAccount(BlockPool pool, MemoryKind kind, ArenaHost host) {
    this.pool = pool;
    this.kind = kind;
    this.host = host;
  }

  public final boolean isClosed() {
    return closed;
  }

  /**
   * Serves another user from now on, whose requests are expected to use {@code predicted} bytes.
   * The arena holds nothing.
   */
  public final void reopen(int predicted) {
    closed = false;
    predicted(predicted);
  }

  /** This object as the arena it is. */
  final Arena self() {
    return (Arena) this;
  }

  @Override
  final int bumpLimit() {
    return Math.min(BUMP_LIMIT, pool.options.sizes().largest());
  }

  /** The smallest block with room for {@code needed} bytes, or null if it is not charged. */
  final @Nullable Block lease(int needed) {
    int aligned = pool.options.aligned(needed);
    int sizeClass = classFor(aligned);
    int capacity = capacityOf(sizeClass, aligned);
    if (!host.budget().charge(self(), capacity)) {
      return null;
    }
    try {
      return hold(pool.lease(kind, sizeClass, capacity));
    } catch (Throwable e) {
      host.budget().uncharge(self(), capacity);
      throw e;
    }
  }

  /** Bytes of the smallest block that has room for {@code needed}. */
  final int capacityFor(int needed) {
    int aligned = pool.options.aligned(needed);
    return capacityOf(classFor(aligned), aligned);
  }

  /** The smallest class that is large enough, or the number of classes if none is. */
  private int classFor(int aligned) {
    SizeClasses sizes = pool.options.sizes();
    return aligned > sizes.largest() ? sizes.count() : sizes.classFor(aligned);
  }

  private int capacityOf(int sizeClass, int aligned) {
    SizeClasses sizes = pool.options.sizes();
    return sizeClass == sizes.count() ? aligned : sizes.sizeOf(sizeClass);
  }

  /** A block of {@code wanted} bytes or, if that many cannot be had, of as few as will do. */
  final @Nullable Block leaseToBump(int needed, int wanted) {
    if (capacityFor(wanted) == capacityFor(needed)) {
      return lease(needed);
    }
    try {
      Block leased = lease(wanted);
      return leased != null ? leased : lease(needed);
    } catch (OutOfMemoryError e) {
      return lease(needed);
    }
  }

  /**
   * The budget has no room for the smallest block that would do. Leases it after all if others make
   * room; else leases memory that overflows.
   *
   * @throws RuntimeException if the host does not let it
   */
  final Block overBudget(int needed) {
    int capacity = capacityFor(needed);
    Block leased = host.budget().makeRoom(self(), capacity) ? lease(needed) : null;
    if (leased != null) {
      return leased;
    }
    host.budget().refuse(capacity);
    return leaseOverflow(needed);
  }

  /** Memory for one buffer that the budget does not count. */
  final Block leaseOverflow(int needed) {
    int capacity = pool.options.aligned(needed);
    Block block = hold(pool.lease(kind, OVERFLOW, capacity));
    host.budget().overflowed(capacity);
    return block;
  }

  private Block hold(Block block) {
    leasedBytes += block.capacity;
    leasedBlocks++;
    if (block.recorder != recorder) {
      ArenaRecorder.handOver(block, recorder);
    }
    if (recorder != null) {
      recorder.leased(block);
    }
    host.leased();
    return block;
  }

  /** Records that {@code handle} was handed out, if anything is recorded. */
  final ArenaByteBuf recorded(ArenaByteBuf handle) {
    if (recorder != null) {
      recorder.allocated(handle);
    }
    FlightRecords.allocated(handle);
    return handle;
  }

  /** Records the living buffers, at the end of a request, if events are recorded. */
  final void recordStragglers() {
    ArenaRecorder noting = recorder;
    if (noting != null) {
      self().forEachBlock(block -> block.forEachLiving(noting::straggles));
    }
  }

  /** Records events from now on, first what is held; or, if null, no longer. For the owner. */
  public final void recordIn(@Nullable ArenaRecorder successor) {
    if (recorder != successor) {
      recorder = successor;
      self().forEachBlock(block -> ArenaRecorder.handOver(block, successor));
      if (successor != null) {
        self().forEachBlock(successor::found);
      }
    }
  }

  /** Records no longer in {@code ended}, which leaves the pool's idle blocks too. For the owner. */
  public final void endRecording(ArenaRecorder ended) {
    if (recorder == ended) {
      recordIn(null);
    }
    ended.leave(pool);
  }

  /** Gives {@code block} back to the pool, and counts what the request used of it. */
  final void giveBack(Block block) {
    harvest(block);
    leasedBytes -= block.capacity;
    leasedBlocks--;
    if (leasedBlocks == 0) {
      beginCourse();
    }
    if (recorder != null) {
      recorder.gaveBack(block);
    }
    try {
      uncharge(block);
    } finally {
      pool.giveBack(block); // it is in no list any more
    }
  }

  private void uncharge(Block block) {
    if (block.sizeClass == OVERFLOW) {
      host.budget().overflowed(-block.capacity);
    } else {
      host.budget().uncharge(self(), block.capacity);
    }
  }

  public final BlockPool pool() {
    return pool;
  }

  public final MemoryKind kind() {
    return kind;
  }

  /** The allocator that it belongs to. */
  public final ArenaHost host() {
    return host;
  }

  /** Bytes of the blocks held. Exact for the owner, a recent value for others. */
  public final long heldBytes() {
    return leasedBytes;
  }

  /** Blocks held. Exact for the owner, a recent value for others. */
  public final int heldBlocks() {
    return leasedBlocks;
  }
}
