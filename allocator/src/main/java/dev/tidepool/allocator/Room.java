package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;

/** The requests to arenas to give back blocks without living buffers. */
final class Room {
  private Room() {}

  /** Now, if the calling thread owns {@code arena} or gets its lock without waiting. */
  static void giveBackEmpty(Arena arena) {
    arena.pool().ownership().tryRun(arena::giveBackEmpty);
  }

  /** Now, and of the current blocks each when its last buffer dies; on the same condition. */
  static void giveBackWhenEmpty(Arena arena) {
    arena.pool().ownership().tryRun(arena::giveBackWhenEmpty);
  }

  /** Now, and whenever the last buffer in a block dies; by a task if another thread owns it. */
  static void make(Arena arena) {
    if (!arena.pool().ownership().tryRun(() -> makeDrained(arena))) {
      arena.pool().makeRoomSoon();
    }
  }

  private static void makeDrained(Arena arena) {
    arena.pool().drainAtomic();
    arena.makeRoom();
  }
}
