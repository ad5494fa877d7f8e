package dev.tidepool.echo.protocol;

/**
 * The SplitMix64 generator with random access: unlike {@link java.util.SplittableRandom} it
 * computes the n-th number of a sequence without those before it.
 */
public final class SplitMix {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private SplitMix() {}

  public static long at(long seed, long index) {
    return mix(seed + (index + 1) * GOLDEN_GAMMA);
  }

  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
