package dev.tidepool.allocator.model;

/** Lengths of buffers, from nothing to more than the largest block, most of them small. */
final class Sizes {
  private Sizes() {}

  static int any(Configuration configuration, int seed) {
    int rest = seed >>> 4;
    return switch (seed & 15) {
      case 0 -> 0;
      case 1, 2, 3, 4, 5, 6, 7 -> rest % 257;
      case 8, 9, 10, 11, 12 -> rest % (configuration.usualSize() / 2);
      case 13 -> rest % configuration.usualSize();
      case 14 -> atABlock(rest);
      default -> Math.toIntExact(16L * rest % configuration.largestSize());
    };
  }

  /** A seed from which {@link #any} makes a small size, and not nothing. */
  static int small(int seed) {
    return (seed & ~15) + 1 + (seed & 7) % 7;
  }

  /** The size of a block, or one more or less. */
  private static int atABlock(int seed) {
    return (1024 << (seed >>> 2) % 4) + seed % 3 - 1;
  }
}
