package dev.tidepool.allocator.memory;

/**
 * A search for a byte, a few words at a time. The compiler then checks the memory's bounds once for
 * all of them, and there is one branch for 32 bytes.
 */
final class ByteSearch {
  private static final int WORD = Long.BYTES;
  private static final int STRIDE = 4 * WORD;
  private static final long LOWEST_BITS = 0x0101_0101_0101_0101L;
  private static final long HIGHEST_BITS = LOWEST_BITS << 7;

  private ByteSearch() {}

  /**
   * The first index in {@code [from, to)} at which {@code value} is, or -1. The caller has checked
   * the range.
   */
  static int firstIndexOf(CheckedByteBuf buffer, int from, int to, byte value) {
    long pattern = (value & 0xff) * LOWEST_BITS;
    int at = from;
    for (; at <= to - STRIDE; at += STRIDE) {
      long first = matches(buffer._getLongLE(at), pattern);
      long second = matches(buffer._getLongLE(at + WORD), pattern);
      long third = matches(buffer._getLongLE(at + 2 * WORD), pattern);
      long fourth = matches(buffer._getLongLE(at + 3 * WORD), pattern);
      if ((first | second | third | fourth) != 0) {
        return indexAmong(at, first, second, third, fourth);
      }
    }
    return firstAmongFew(buffer, at, to, pattern);
  }

  private static int indexAmong(int at, long first, long second, long third, long fourth) {
    if ((first | second) != 0) {
      return first != 0 ? index(at, first) : index(at + WORD, second);
    }
    return third != 0 ? index(at + 2 * WORD, third) : index(at + 3 * WORD, fourth);
  }

  private static int firstAmongFew(CheckedByteBuf buffer, int from, int to, long pattern) {
    int at = from;
    for (; at <= to - WORD; at += WORD) {
      long matches = matches(buffer._getLongLE(at), pattern);
      if (matches != 0) {
        return index(at, matches);
      }
    }
    for (; at < to; at++) {
      if (buffer.getByte(at) == (byte) pattern) {
        return at;
      }
    }
    return -1;
  }

  /**
   * Sets the highest bit of each byte that equals the pattern's; above the first of them, of others
   * too. "Determine if a word has a zero byte", in Sean Anderson's Bit Twiddling Hacks.
   */
  private static long matches(long word, long pattern) {
    long difference = word ^ pattern;
    return (difference - LOWEST_BITS) & ~difference & HIGHEST_BITS;
  }

  private static int index(int at, long matches) {
    return at + Long.numberOfTrailingZeros(matches) / Byte.SIZE;
  }
}
