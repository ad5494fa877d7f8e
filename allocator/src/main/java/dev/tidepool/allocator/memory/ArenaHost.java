package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBufAllocator;

/** The allocator that an arena belongs to, as the arena sees it. */
public interface ArenaHost {
  /** Whose arena it is, for reports, by its {@code toString()}. */
  default Object user() {
    return this;
  }

  /** What {@code alloc()} of the arena's buffers answers. */
  ByteBufAllocator allocator();

  /** Memory for a buffer of {@code arena} on a thread that may not touch the arena. */
  ArenaByteBuf allocateElsewhere(Arena arena, int length);

  /** What the arena's blocks count against. For the owner. */
  ArenaBudget budget();

  /**
   * What the arena's blocks count against, for a thread that has just released a buffer of them:
   * the arena may belong to another user by now, or to none.
   */
  default ArenaBudget budgetAcquire() {
    return budget();
  }
}
