package dev.tidepool.allocator.memory;

/**
 * What a detached buffer refers to: the buffer with its bytes, or a sample that has that buffer.
 */
interface Backing {
  /** The buffer with the bytes, of which the detached one has the only reference. */
  ArenaByteBuf buffer();

  /** The detached buffer has no more references. Any thread. */
  void released();
}
