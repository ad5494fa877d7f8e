package dev.tidepool.allocator;

import java.util.List;

/**
 * A snapshot of one block pool: of an event loop, or of a lane that serves other threads. Taken
 * without stopping the loop: each figure is a recent value.
 *
 * @param name the event loop's thread, or the lane
 * @param lane whether it is a lane
 * @param idleBytes bytes of idle blocks
 * @param leasedBytes bytes of blocks that arenas hold
 * @param trimmedBytes bytes that trims have given back upstream since the pool was opened
 * @param idle the idle blocks by size class, the smallest first; classes without any left out
 */
public record PoolSnapshot(
    String name,
    boolean lane,
    long idleBytes,
    long leasedBytes,
    long trimmedBytes,
    List<IdleClass> idle) {
  public PoolSnapshot {
    idle = List.copyOf(idle);
  }

  /**
   * The idle blocks of one size class and kind of memory.
   *
   * @param blockBytes the size of each
   * @param direct whether their memory is direct
   * @param blocks their number
   */
  public record IdleClass(int blockBytes, boolean direct, int blocks) {}
}
