package dev.tidepool.allocator.memory;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The idle blocks of one size class, last in, first out: the hottest in cache is taken first, and
 * the blocks at the bottom go unused. Owner only.
 *
 * <p>{@code lowWater} is the low-water mark of {@code size} since the last {@link #trimIdle}: that
 * many blocks, at the bottom, lay idle all that time.
 *
 * <p>Kept in a ring: the top changes with every request, the bottom with every trim.
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

  /** The index in the ring of the {@code i}th from the bottom. */
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

  /** The block idle longest. The stack is not empty. */
  Block coldest() {
    return ring[bottom];
  }

  /** Removes {@link #coldest}: the low-water marks, past ones too, are one block lower. */
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
   * coldest first. Called every quarter of an interval, so a block leaves after it was idle for at
   * least three quarters of one, and at most one.
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

  @SuppressWarnings("NullAway") // entries beside the stack are null
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
