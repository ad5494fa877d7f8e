package dev.tidepool.allocator.memory;

/**
 * A checker of the invariants that hold only while no other thread uses a buffer, which {@link
 * InvariantChecker} leaves out: the holders' fields, and the order of slots after a sweep.
 */
public final class QuietChecker {
  private QuietChecker() {}

  /** Checks {@code pool}. The caller has it in hand, and every other thread stands still. */
  public static void check(BlockPool pool) {
    pool.forEachBlock(block -> check(pool, block));
    require(!pool.isClosed() || pool.pooledBytes() == 0, pool, "nothing pooled in a closed pool");
  }

  private static void check(BlockPool pool, Block block) {
    require(
        !pool.isClosed() || block.live() > 0, block, "a closed pool's block has something alive");
    require(block.sweptSlots <= block.nextSlot || block.nextSlot == 0, block, "swept <= next slot");
    checkOrder(block, 0, block.sweptSlots);
    checkOrder(block, block.sweptSlots, block.nextSlot);
    for (int slot = 0; slot < block.handles.length; slot++) {
      ArenaByteBuf handle = block.handles[slot];
      if (handle != null) {
        check(block, slot, handle);
      }
    }
  }

  private static void checkOrder(Block block, int from, int to) {
    for (int slot = from + 1; slot < to; slot++) {
      boolean ascending = block.handles[slot - 1].start < block.handles[slot].start;
      require(ascending, block, "address order at slot " + slot);
    }
  }

  private static void check(Block block, int slot, ArenaByteBuf handle) {
    require(handle.slot == slot && handle.block == block, block, "slot " + slot + " in its place");
    require(
        slot < block.nextSlot || !handle.isOccupied(), block, "slot " + slot + " above is free");
    if (handle.refCnt() > 0) {
      checkHolder(block, handle);
    }
  }

  private static void checkHolder(Block block, ArenaByteBuf handle) {
    if (handle.isDetached()) {
      ArenaByteBuf backing = handle.backing();
      require(backing.refCnt() == 1, block, "one reference to a backing buffer");
      require(handle.length == backing.length, block, "as long as the backing buffer");
    } else {
      require(
          handle.offset == block.base + block.pool.hooks.physicalOffset(handle.start),
          block,
          "attached: offset");
      require(handle.length <= handle.reserved, block, "attached: length <= reserved");
    }
  }

  private static void require(boolean holds, Object subject, String invariant) {
    if (!holds) {
      throw new IllegalStateException(
          "invariant broken: " + subject + " (expected: " + invariant + ')');
    }
  }
}
