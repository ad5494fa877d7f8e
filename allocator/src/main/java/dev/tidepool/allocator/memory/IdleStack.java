package dev.tidepool.allocator.memory;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The idle blocks of one size class, last in, first out: the one that is hottest in cache is taken
 * first, and those at the bottom are the ones nobody needed. Owner only.
 *
 * <p>{@code lowWater} is the fewest blocks that were idle at any time since the last {@link
 * #trimIdle}: that many, at the bottom, lay idle all that time.
 *
 * <p>Kept in a ring, since the top changes with every request and the bottom with every trim.
 */
final class IdleStack {
  private Block[] ring = new Block[4];
  private int bottom;
  private int size;
  private int lowWater;
  private int lowWaterBefore;
  private int lowWaterBeforeThat;

  void push(Block block) {
    if (size == ring.length) {
      grow();
    }
    ring[at(size)] = block;
    size++;
  }

  private void grow() {
    Block[] larger = new Block[2 * size];
    for (int i = 0; i < size; i++) {
      larger[i] = ring[at(i)];
    }
    ring = larger;
    bottom = 0;
  }

  /** Where the {@code i}th from the bottom is. */
  private int at(int i) {
    return (bottom + i) & (ring.length - 1);
  }

  @Nullable Block pop() {
    if (size == 0) {
      return null;
    }
    size--;
    if (size < lowWater) {
      lowWater = size;
    }
    return takeFrom(at(size));
  }

  /** The one that lay idle longest; there is one. */
  Block coldest() {
    return ring[bottom];
  }

  /** Takes {@link #coldest} away: one fewer of those at the bottom lay idle at any time. */
  Block removeColdest() {
    Block block = takeFrom(bottom);
    bottom = at(1);
    size--;
    lowWater = oneFewer(lowWater);
    lowWaterBefore = oneFewer(lowWaterBefore);
    lowWaterBeforeThat = oneFewer(lowWaterBeforeThat);
    return block;
  }

  private static int oneFewer(int count) {
    return Math.max(count - 1, 0);
  }

  /**
   * Gives {@code away} the blocks that were idle between the last four calls, this one included,
   * coldest first. Called every quarter of an interval, so a block leaves after having been idle
   * for three quarters of one at least, and for no more than one.
   */
  void trimIdle(Consumer<Block> away) {
    for (int i = Math.min(lowWater, Math.min(lowWaterBefore, lowWaterBeforeThat)); i > 0; i--) {
      away.accept(removeColdest());
    }
    lowWaterBeforeThat = lowWaterBefore;
    lowWaterBefore = lowWater;
    lowWater = size;
  }

  void trimAll(Consumer<Block> away) {
    for (Block block = pop(); block != null; block = pop()) {
      away.accept(block);
    }
  }

  @SuppressWarnings("NullAway") // beside the stack there is nothing
  private Block takeFrom(int index) {
    Block block = ring[index];
    ring[index] = null;
    return block;
  }

  /** From the coldest to the hottest. */
  void forEach(Consumer<Block> action) {
    for (int i = 0; i < size; i++) {
      action.accept(ring[at(i)]);
    }
  }

  int size() {
    return size;
  }
}
