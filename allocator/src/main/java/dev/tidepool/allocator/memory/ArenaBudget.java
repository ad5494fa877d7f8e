package dev.tidepool.allocator.memory;

/**
 * What the blocks of an arena count against. The arena's owner calls it when a block is leased or
 * given back, never for a buffer.
 */
public interface ArenaBudget {
  /** No limit. */
  ArenaBudget NONE = new ArenaBudget() {};

  /**
   * Counts a block of {@code bytes} bytes that {@code arena} is about to lease.
   *
   * @return whether there was room; if not, nothing has changed
   */
  default boolean charge(Arena arena, int bytes) {
    return true;
  }

  /** {@code arena} gave a block back, or did not get the one that was charged. */
  default void uncharge(Arena arena, int bytes) {}

  /**
   * Has other arenas give back blocks with nothing alive in them. Called before {@link #refuse}.
   *
   * @return whether that may have made room, so that {@link #charge} is to be tried again
   */
  default boolean makeRoom(Arena arena, int bytes) {
    return false;
  }

  /**
   * The smallest block that would do, of {@code bytes} bytes, cannot be charged. If this returns,
   * the buffer gets memory of its own, which {@link #overflowed} counts.
   *
   * @throws RuntimeException if it may not have that either; nothing has changed then
   */
  default void refuse(int bytes) {}

  /** {@code bytes} bytes were leased without a charge or, if negative, given back. */
  default void overflowed(int bytes) {}

  /**
   * Whether a read waits for room that these blocks take. If so, each block goes back as soon as
   * nothing in it is alive. Any thread. A volatile read, which orders it after the push of the
   * released handle (see {@link BlockPool#released}).
   */
  default boolean wantsRoom() {
    return false;
  }
}
