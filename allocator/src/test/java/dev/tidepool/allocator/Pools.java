package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.threads.ThreadArenas;
import java.util.function.Consumer;

/** Access to an allocator's pools for tests in other packages. */
public final class Pools {
  private Pools() {}

  /** Calls {@code action} for the pool of each event loop and of each lane; not for closed ones. */
  public static void forEach(ArenaByteBufAllocator allocator, Consumer<BlockPool> action) {
    allocator.pools().forEachPool(action);
  }

  /** Calls {@code action} for each event loop and each lane; not for closed ones. */
  public static void forEachOwner(ArenaByteBufAllocator allocator, Consumer<ThreadArenas> action) {
    allocator.pools().forEach(action);
  }
}
