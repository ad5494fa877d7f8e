package dev.tidepool.allocator;

/** How much an allocator verifies while it runs. */
public enum Checks {
  /** Nothing beyond what every {@code ByteBuf} checks. */
  OFF,

  /** The invariants of the block concerned, on slow paths. */
  LIGHT,

  /**
   * Every release fills the bytes with poison, no buffer object is ever used again (so that a late
   * use of one is always found), and the invariants are verified after every operation. Slow: for
   * tests.
   */
  FULL
}
