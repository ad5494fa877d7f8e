package dev.tidepool.allocator.memory;

/**
 * The sizes that blocks come in: powers of two, {@code sizeOf(i) == smallest << i}.
 *
 * <p>What is larger than {@link #largest()} has no class: it gets a block of its own, which goes
 * back upstream on release.
 */
public final class SizeClasses {
  private final int smallestShift;
  private final int count;

  /**
   * @param smallest bytes of the smallest class, a power of two
   * @param largest bytes of the largest class, a power of two, at least {@code smallest}
   */
  public SizeClasses(int smallest, int largest) {
    this.smallestShift = Integer.numberOfTrailingZeros(smallest);
    this.count = Integer.numberOfTrailingZeros(largest) - smallestShift + 1;
  }

  int count() {
    return count;
  }

  int sizeOf(int sizeClass) {
    return 1 << (smallestShift + sizeClass);
  }

  int smallest() {
    return sizeOf(0);
  }

  int largest() {
    return sizeOf(count - 1);
  }

  /** The smallest class that holds {@code bytes}, for {@code 1 <= bytes <= largest()}. */
  int classFor(int bytes) {
    int shift = Integer.SIZE - Integer.numberOfLeadingZeros(bytes - 1);
    return Math.max(shift - smallestShift, 0);
  }
}
