package dev.tidepool.allocator.memory;

import org.jspecify.annotations.Nullable;

/**
 * The blocks that one arena holds, as its pool and its budget know them. What the budget has no
 * room for overflows, if it may: memory for one buffer, of no size class, straight from upstream
 * and back there on release.
 *
 * <pre>
 *   bytes == charged + overflowed
 * </pre>
 *
 * <p>The pool's owner only.
 */
final class Leases {
  /** Stands where a block of the pool has its size class. */
  private static final int OVERFLOW = Integer.MAX_VALUE;

  private final Arena arena;
  private final BlockPool pool;
  private final ArenaHost host;
  private long bytes;
  private int blocks;

  Leases(Arena arena) {
    this.arena = arena;
    this.pool = arena.pool();
    this.host = arena.host();
  }

  /** The smallest block that has room for {@code needed} bytes, or null if it is not charged. */
  @Nullable Block lease(int needed) {
    SizeClasses sizes = pool.options.sizes();
    int sizeClass = needed > sizes.largest() ? sizes.count() : sizes.classFor(needed);
    int capacity = capacityFor(needed);
    if (!host.charge(arena, capacity)) {
      return null;
    }
    try {
      return hold(pool.lease(arena.kind(), sizeClass, capacity));
    } catch (Throwable e) {
      host.uncharge(arena, capacity);
      throw e;
    }
  }

  private int capacityFor(int needed) {
    SizeClasses sizes = pool.options.sizes();
    return needed > sizes.largest()
        ? pool.options.aligned(needed)
        : sizes.sizeOf(sizes.classFor(needed));
  }

  /**
   * Memory that overflows, since not even the smallest block that would do can be charged.
   *
   * @throws RuntimeException if the host does not let it
   */
  Block overBudget(int needed) {
    host.overBudget(arena, capacityFor(needed));
    return leaseOverflow(needed);
  }

  /** Memory that is not charged, for one buffer. */
  Block leaseOverflow(int needed) {
    int capacity = pool.options.aligned(needed);
    Block block = hold(pool.lease(arena.kind(), OVERFLOW, capacity));
    host.overflowed(arena, capacity);
    return block;
  }

  private Block hold(Block block) {
    bytes += block.capacity;
    blocks++;
    return block;
  }

  void giveBack(Block block) {
    bytes -= block.capacity;
    blocks--;
    if (block.sizeClass == OVERFLOW) {
      host.overflowed(arena, -block.capacity);
    } else {
      host.uncharge(arena, block.capacity);
    }
    pool.giveBack(block);
  }

  long bytes() {
    return bytes;
  }

  int blocks() {
    return blocks;
  }
}
