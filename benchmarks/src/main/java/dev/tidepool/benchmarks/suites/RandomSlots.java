package dev.tidepool.benchmarks.suites;

/**
 * Draws slots by xorshift, the same ones for every allocator. No table drawn beforehand is long
 * enough not to leave some slots alone for ever.
 */
final class RandomSlots {
  private static final long SEED = 88172645463325252L;

  private final int mask;
  private long random = SEED;

  /**
   * @param count a power of two
   */
  RandomSlots(int count) {
    mask = count - 1;
  }

  int next() {
    random ^= random << 13;
    random ^= random >>> 7;
    random ^= random << 17;
    return (int) (random >>> 33) & mask;
  }
}
