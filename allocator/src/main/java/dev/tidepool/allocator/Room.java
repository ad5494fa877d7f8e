package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;

/** Has arenas give back blocks that they hold with nothing alive in them. */
final class Room {
  private Room() {}

  /** As far as {@code arena} is in hand, or can be taken without waiting. */
  static void giveBackEmpty(Arena arena) {
    arena.pool().ownership().tryRun(arena::giveBackEmpty);
  }

  /** Now, and whenever the last buffer in a block dies; by a task if another thread is in it. */
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
