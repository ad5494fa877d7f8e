package dev.tidepool.allocator.memory;

/**
 * The change of a buffer's capacity: in place if its range can follow, else by moving the bytes or,
 * on a thread that may not touch the block, by detaching the buffer from it.
 */
final class Growth {
  private Growth() {}

  /** For the owner, by thread or by lock. */
  static void resize(Arena arena, ArenaByteBuf handle, int newLength) {
    Block block = handle.block;
    MemoryHooks hooks = block.pool.hooks;
    hooks.resizing(handle);
    int before = handle.reserved;
    if (block.isTop(handle) && newLength <= block.limit - handle.start) {
      block.resizeTop(handle, block.aligned(Math.max(newLength, 1)));
      if (block.place == Block.Place.APART) {
        arena.harvestLarge(block); // no reset does: its bytes count when they are handed out
      }
    } else if (newLength > before) {
      move(arena, handle, newLength);
      return;
    }
    handle.length = newLength;
    hooks.resized(handle, before);
    record(handle);
  }

  private static void record(ArenaByteBuf handle) {
    ArenaRecorder recorder = handle.block.recorder;
    if (recorder != null) {
      recorder.grew(handle);
    }
  }

  /** Moves the bytes. The handle swaps places with the handle of the slot they move to. */
  private static void move(Arena arena, ArenaByteBuf handle, int newLength) {
    if (leasesNothing(arena)) {
      detach(arena, handle, newLength);
      return;
    }
    ArenaByteBuf target = arena.allocateToGrow(newLength);
    handle.copyTo(0, target, 0, handle.length);
    handle.swapPlaces(target);
    target.length = handle.length;
    handle.length = newLength;
    record(handle);
    arena.pool().freeRange(target);
  }

  private static boolean leasesNothing(Arena arena) {
    return arena.isClosed() || arena.pool().isClosed();
  }

  /** For any thread but {@code block.owner}, which is null under the lock. */
  static void resizeElsewhere(Arena arena, ArenaByteBuf handle, int newLength) {
    BlockPool pool = arena.pool();
    if (pool.ownership().isHeld()) {
      resize(arena, handle, newLength);
    } else if (newLength <= handle.reserved) {
      resizeInRange(pool.hooks, handle, newLength);
    } else if (!pool.ownership().isByLock() || !resizeLocked(arena, handle, newLength)) {
      detach(arena, handle, newLength);
    }
  }

  private static void resizeInRange(MemoryHooks hooks, ArenaByteBuf handle, int newLength) {
    hooks.resizing(handle);
    handle.length = newLength;
    hooks.resized(handle, handle.reserved);
    record(handle);
  }

  /**
   * A closed arena or pool leases nothing more; the caller then needs another pool. It must not
   * wait for that pool's lock with this one in hand: a thread may be waiting the other way round.
   */
  private static boolean resizeLocked(Arena arena, ArenaByteBuf handle, int newLength) {
    arena.pool().ownership().lock().lock();
    try {
      if (leasesNothing(arena)) {
        return false;
      }
      resize(arena, handle, newLength);
      return true;
    } finally {
      arena.pool().ownership().lock().unlock();
    }
  }

  private static void detach(Arena arena, ArenaByteBuf handle, int newLength) {
    ArenaByteBuf backing = arena.host().allocateElsewhere(arena, newLength);
    backing.request = ArenaByteBuf.OF_NO_REQUEST;
    handle.copyTo(0, backing, 0, Math.min(handle.length, newLength));
    arena.pool().hooks.resizing(handle);
    handle.detach(backing);
  }
}
