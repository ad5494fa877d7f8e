package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.memory.IdleBlocks;
import dev.tidepool.allocator.memory.MemoryKind;
import dev.tidepool.allocator.threads.PoolsByThread;
import dev.tidepool.allocator.threads.ThreadArenas;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A snapshot of one block pool: of an event loop, or of a lane that serves other threads. Taken
 * without stopping the loop: each figure is a recent value, and they need not be of one moment.
 *
 * @param name the event loop's thread, or the lane
 * @param lane whether it is a lane
 * @param idleBytes bytes of idle blocks
 * @param leasedBytes bytes of blocks that arenas hold
 * @param trimmedBytes bytes of idle blocks that trims, by the clock or by a call, have given back
 *     upstream since the pool was opened
 * @param idle the idle blocks by size class, the smallest first; classes without any left out
 */
public record PoolSnapshot(
    String name,
    boolean lane,
    long idleBytes,
    long leasedBytes,
    long trimmedBytes,
    List<IdleClass> idle) {
  /** Event loops by name, then lanes by number. */
  static List<PoolSnapshot> of(PoolsByThread<LoopArenas> pools) {
    List<PoolSnapshot> loops = new ArrayList<>();
    List<PoolSnapshot> lanes = new ArrayList<>();
    pools.forEach(each -> (each.executor() == null ? lanes : loops).add(of(each)));
    loops.sort(Comparator.comparing(PoolSnapshot::name));
    loops.addAll(lanes);
    return List.copyOf(loops);
  }

  private static PoolSnapshot of(ThreadArenas arenas) {
    BlockPool pool = arenas.pool();
    return new PoolSnapshot(
        arenas.name(),
        arenas.executor() == null,
        pool.pooledBytes(),
        pool.leasedBytes(),
        pool.trimmedBytes(),
        pool.idleBlocks().stream().map(IdleClass::of).toList());
  }

  /**
   * The idle blocks of one size class and kind of memory.
   *
   * @param blockBytes the size of each
   * @param direct whether their memory is direct
   * @param blocks their number
   */
  public record IdleClass(int blockBytes, boolean direct, int blocks) {
    private static IdleClass of(IdleBlocks.Count count) {
      return new IdleClass(count.blockBytes(), count.kind() == MemoryKind.DIRECT, count.blocks());
    }
  }
}
