package dev.tidepool.allocator;

/** How much an allocator verifies while it runs. */
public enum Checks {
  /** Nothing beyond what every {@code ByteBuf} checks. */
  OFF,

  /** The invariants of the block concerned, on slow paths. */
  LIGHT,

  /**
   * Every release fills the bytes with poison, and no buffer object is ever used again, so that a
   * late call on one fails with its story: connection, request, size, who released it and, with
   * {@link Recording}, where it was allocated. Behind each buffer is a red zone; writes there, and
   * writes after the release, are logged as errors. The invariants are verified after every
   * operation. Slow, and takes twice the memory upstream: for tests.
   */
  FULL
}
