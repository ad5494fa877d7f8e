package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBufAllocator;

/** The allocator that an arena belongs to, as the arena sees it. */
public interface ArenaHost {
  /** The arena's user, for reports, by its {@code toString()}. */
  default Object user() {
    return this;
  }

  /** What {@code alloc()} of the arena's buffers returns. */
  ByteBufAllocator allocator();

  /** Memory for a buffer of {@code arena} on a thread that may not touch the arena. */
  ArenaByteBuf allocateElsewhere(Arena arena, int length);

  /** The arena has leased a block, which counts already. For the owner. */
  default void leased() {}

  /** The budget of the arena's blocks. For the owner. */
  ArenaBudget budget();

  /**
   * The budget of the arena's blocks, for a thread that has just released a buffer in one of them.
   * The arena may belong to another user by now, or to none.
   */
  default ArenaBudget budgetAcquire() {
    return budget();
  }
}
