package dev.tidepool.allocator.memory;

/** For Netty's leak detection, which finds a leak when the garbage collector does. */
final class StandIn {
  private StandIn() {}

  /**
   * Puts a stand-in into the buffer's slot, so that nothing but its user refers to the buffer any
   * more and the garbage collector can tell when it is forgotten.
   */
  static void put(BlockPool pool, ArenaByteBuf handle) {
    if (pool.ownership().isByLock() && !pool.ownership().isHeld()) {
      pool.ownership().locked(() -> put(pool, handle));
      return;
    }
    ArenaByteBuf standIn = handle.block.newHandleIn(handle.slot);
    standIn.open(
        handle.start,
        handle.offset,
        handle.reserved,
        handle.length,
        handle.maxCapacity(),
        handle.request);
    standIn.history(handle.history());
    handle.slot = ArenaByteBuf.NO_SLOT;
    handle.detach(standIn);
  }
}
