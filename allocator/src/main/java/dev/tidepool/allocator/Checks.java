package dev.tidepool.allocator;

/** The degree to which an allocator verifies itself and its callers while it runs. */
public enum Checks {
  /** Only what every {@code ByteBuf} checks. The default. */
  OFF,

  /** Slow paths verify the invariants of the block concerned. */
  LIGHT,

  /**
   * Every release fills the bytes with poison, and no buffer object is ever used again, so that a
   * call on a released one fails with an error that says its connection, request and size, where it
   * was released and, with {@link Recording}, where it was allocated. Behind each buffer is a red
   * zone; writes there, and writes after the release, are logged as errors. The invariants are
   * verified after every operation. Slow, and takes twice the memory upstream: for tests.
   */
  FULL
}
