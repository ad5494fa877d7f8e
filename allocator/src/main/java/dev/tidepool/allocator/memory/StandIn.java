package dev.tidepool.allocator.memory;

/** A handle in a buffer's slot, for Netty's leak detection by garbage collector. */
final class StandIn {
  private StandIn() {}

  /**
   * Puts a stand-in into the buffer's slot. Then only its user refers to the buffer, and the
   * garbage collector can tell when it is forgotten.
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
    ArenaRecorder recorder = handle.block.recorder;
    if (recorder != null) {
      recorder.replaced(handle, standIn);
    }
    handle.slot = ArenaByteBuf.NO_SLOT;
    handle.detach(standIn);
  }
}
