package dev.tidepool.allocator.model;

import java.util.SplittableRandom;

/** Bytes that tell their owner: the high half is the tag of an arena, the low half is random. */
final class Bytes {
  static final int TAG_OF_SHARED = 1;
  private static final int TAGS = 12; // so that none equals zero or poison
  private static final int POISON = 0xde;

  private Bytes() {}

  /** A tag for the connection with this number. */
  static int tag(int connection) {
    return TAG_OF_SHARED + 1 + connection % (TAGS - 1);
  }

  static byte[] random(int tag, int length, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (tag << 4 | random.nextInt(16));
    }
    return bytes;
  }

  /** Whether a byte of fresh memory is zero, poison, or of the arena with {@code tag}. */
  static boolean isOwn(byte value, int tag) {
    return value == 0 || value == (byte) POISON || (value & 0xff) >>> 4 == tag;
  }
}
