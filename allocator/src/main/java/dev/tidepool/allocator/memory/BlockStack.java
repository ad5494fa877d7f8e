package dev.tidepool.allocator.memory;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The idle blocks of one size class, last in, first out: the one that is hottest in cache is taken
 * first, and those at the bottom are the ones nobody needed. Owner only.
 *
 * <p>{@code lowWater} is the fewest blocks that were idle at any time since the last {@link
 * #trimIdle}: that many, at the bottom, lay idle all that time.
 */
final class BlockStack {
  private Block[] blocks = new Block[4];
  private int size;
  private int lowWater;
  private int lowWaterBefore;
  private int lowWaterBeforeThat;

  void push(Block block) {
    if (size == blocks.length) {
      blocks = Arrays.copyOf(blocks, size * 2);
    }
    blocks[size++] = block;
  }

  @Nullable Block pop() {
    if (size == 0) {
      return null;
    }
    Block block = blocks[--size];
    clear(size);
    if (size < lowWater) {
      lowWater = size;
    }
    return block;
  }

  /**
   * Gives {@code away} the blocks that were idle between the last four calls, this one included,
   * coldest first. Called every quarter of an interval, so a block leaves after having been idle
   * for three quarters of one at least, and for no more than one.
   */
  void trimIdle(Consumer<Block> away) {
    int idle = Math.min(lowWater, Math.min(lowWaterBefore, lowWaterBeforeThat));
    for (int i = 0; i < idle; i++) {
      away.accept(blocks[i]);
    }
    System.arraycopy(blocks, idle, blocks, 0, size - idle);
    for (int i = size - idle; i < size; i++) {
      clear(i);
    }
    size -= idle;
    lowWaterBeforeThat = lowWaterBefore - idle;
    lowWaterBefore = lowWater - idle;
    lowWater = size;
  }

  void trimAll(Consumer<Block> away) {
    for (Block block = pop(); block != null; block = pop()) {
      away.accept(block);
    }
  }

  @SuppressWarnings("NullAway") // above size there is nothing
  private void clear(int index) {
    blocks[index] = null;
  }

  int size() {
    return size;
  }
}
