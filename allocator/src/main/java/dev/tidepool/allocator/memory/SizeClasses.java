package dev.tidepool.allocator.memory;

/**
 * The sizes of blocks: powers of two and three steps between each two, so that a block for one
 * buffer leaves at most a fifth of itself.
 *
 * <pre>
 *   sizeOf(4 * i + j) == (smallest &lt;&lt; i) * (4 + j) / 4      for 0 &lt;= j &lt; 4
 *   classFor(n) is the first class c with sizeOf(c) &gt;= n
 * </pre>
 *
 * <p>The class of an aligned number of bytes is aligned, whatever the alignment. Where the steps
 * are smaller than the alignment, its multiples are sizes themselves; elsewhere the steps are
 * multiples of it.
 *
 * <p>A block larger than {@link #largest()} has no class: it is leased for one buffer, and goes
 * back upstream on release.
 */
public final class SizeClasses {
  private static final int STEPS_SHIFT = 2;
  private static final int STEPS = 1 << STEPS_SHIFT;

  private final int smallestShift;
  private final int count;

  /**
   * @param smallest bytes of the smallest class, a power of two
   * @param largest bytes of the largest class, a power of two, at least {@code smallest}
   */
  public SizeClasses(int smallest, int largest) {
    this.smallestShift = Integer.numberOfTrailingZeros(smallest);
    this.count = STEPS * (Integer.numberOfTrailingZeros(largest) - smallestShift) + 1;
  }

  int count() {
    return count;
  }

  int sizeOf(int sizeClass) {
    int power = smallestShift + sizeClass / STEPS;
    return (STEPS + sizeClass % STEPS) << (power - STEPS_SHIFT);
  }

  int smallest() {
    return sizeOf(0);
  }

  int largest() {
    return sizeOf(count - 1);
  }

  /** The smallest class that holds {@code bytes}, for {@code 1 <= bytes <= largest()}. */
  int classFor(int bytes) {
    int last = bytes - 1;
    int power = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(last);
    if (power < smallestShift) {
      return 0;
    }
    int step = (last >> (power - STEPS_SHIFT)) & (STEPS - 1);
    return STEPS * (power - smallestShift) + step + 1;
  }

  /** The first power of two that holds {@code bytes}, or {@code bytes} if there is none. */
  static int powerOfTwo(int bytes) {
    int power = Integer.highestOneBit(bytes - 1) << 1;
    return Math.max(power, bytes);
  }
}
