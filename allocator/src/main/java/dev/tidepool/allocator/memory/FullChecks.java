package dev.tidepool.allocator.memory;

/** What {@code checks=full} adds to a release: poison, so that a late reader sees no old bytes. */
final class FullChecks {
  /** The byte that a released buffer's range is filled with. */
  static final byte POISON = (byte) 0xde;

  private FullChecks() {}

  static void beforeFree(ArenaByteBuf handle) {
    handle.fill(0, handle.reserved, POISON);
  }
}
