package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBufAllocator;

/** What an arena needs from the allocator that it belongs to. */
public interface ArenaHost {
  /** Whose arena it is, for reports, by its {@code toString()}. */
  default Object user() {
    return this;
  }

  /** What {@code alloc()} of the arena's buffers answers. */
  ByteBufAllocator allocator();

  /**
   * The arena could not serve this allocation on its fast path: the block is full, or the caller is
   * not the owner.
   */
  ArenaByteBuf allocateSlow(Arena arena, int length, int maxCapacity);

  /** Memory for a buffer of {@code arena} on a thread that may not touch the arena. */
  ArenaByteBuf allocateElsewhere(Arena arena, int length);

  /**
   * Asked before an arena leases a block.
   *
   * @return whether it may; if not, nothing has changed
   */
  boolean charge(Arena arena, int bytes);

  /** An arena gave a block back, or did not get the one that it was charged for. */
  void uncharge(Arena arena, int bytes);

  /**
   * There is no charging even the smallest block that would do, of {@code bytes} bytes. If this
   * returns, the buffer gets memory of its own that is not charged.
   *
   * @throws RuntimeException if it may not have that either; nothing has changed then
   */
  void overBudget(Arena arena, int bytes);

  /**
   * Before {@link #overBudget}: has others give back what they hold for nothing.
   *
   * @return whether that may have made room, so that charging is to be tried again
   */
  default boolean makeRoom(Arena arena, int bytes) {
    return false;
  }

  /**
   * Whether somebody waits for room that this host's blocks take: then they are given back as soon
   * as nothing alive is in them. Any thread; volatile reads, as the waiting and the releasing
   * thread find each other by them (see {@link BlockPool#released}).
   */
  default boolean wantsRoom() {
    return false;
  }

  /** So many bytes were leased without being charged; or, if negative, given back. */
  void overflowed(Arena arena, int bytes);
}
