package dev.tidepool.allocator.memory;

import java.util.Arrays;

/**
 * The free ranges that a sweep found in a block, in address order. Owner only.
 *
 * <pre>
 *   ranges[2 * i] &lt; ranges[2 * i + 1]      for i &lt; count; gap i is [ranges[2 * i], ranges[2 * i + 1])
 *   0 &lt;= next &lt;= count                       gaps before next were bumped in, or passed over
 *   nothing alive in the gaps from next on
 * </pre>
 */
final class Gaps {
  /** The gaps of a block that was never swept. */
  static final Gaps NONE = new Gaps();

  private int[] ranges = new int[0];
  private int count;
  private int next;
  private int passedOver;

  /** Forgets all gaps, and makes room for {@code most}. */
  void expect(int most) {
    if (ranges.length < 2 * most) {
      ranges = new int[2 * Math.max(most, ranges.length)];
    }
    count = 0;
    next = 0;
    passedOver = 0;
  }

  /** Adds {@code [from, to)} unless it is empty. Without a branch, which would be a random one. */
  void add(int from, int to) {
    ranges[2 * count] = from;
    ranges[2 * count + 1] = to;
    count += (from - to) >>> (Integer.SIZE - 1);
  }

  /** Forgets all gaps. */
  void clear() {
    next = count;
    passedOver = 0;
  }

  /**
   * Moves {@code block} to its next gap of at least {@code needed} bytes. Passes over smaller gaps,
   * and over the rest of the range that the block bumps in now.
   *
   * @return false, and the block stays where it is, if there is no such gap
   */
  boolean open(Block block, int needed) {
    while (next < count) {
      int gap = next++;
      int bytes = ranges[2 * gap + 1] - ranges[2 * gap];
      if (bytes >= needed) {
        passedOver += block.limit - block.position;
        block.moveTo(ranges[2 * gap], ranges[2 * gap + 1]);
        return true;
      }
      passedOver += bytes;
    }
    return false;
  }

  /** Bytes of the gaps that are still to come. Exact for the owner, bounded work for others. */
  int left() {
    int[] seen = ranges;
    int bytes = 0;
    for (int gap = next; seen != null && gap < count && 2 * gap + 1 < seen.length; gap++) {
      bytes += seen[2 * gap + 1] - seen[2 * gap];
    }
    return bytes;
  }

  /** Bytes left free because some buffer did not fit. */
  int passedOver() {
    return passedOver;
  }

  /** Whether a remaining gap overlaps {@code [from, to)}; for the checker. */
  boolean reachInto(int from, int to) {
    for (int gap = next; gap < count; gap++) {
      if (ranges[2 * gap] < to && from < ranges[2 * gap + 1]) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return Arrays.toString(Arrays.copyOfRange(ranges, 2 * next, 2 * count));
  }
}
