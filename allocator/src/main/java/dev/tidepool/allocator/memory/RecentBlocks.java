package dev.tidepool.allocator.memory;

import java.util.Arrays;

/**
 * The blocks that may have emptied while nobody noticed: an arena bumps in them, and the clock has
 * not looked at them since they were first bumped in, or were last empty. The pool's owner only.
 *
 * <p>The owner's release is too fast to tell anybody that it emptied the block its arena bumps in.
 * So the clock looks, but at each block once only: if something is alive in it, the block changes
 * its place to {@code CURRENT_SEEN}, leaves this list, and its last release does tell, by the slow
 * path, whereupon it is {@code CURRENT} and listed again. A tick costs what was used since the last
 * one, however many blocks are held.
 *
 * <pre>
 *   place == CURRENT       implies  the block is listed
 *   place == CURRENT_SEEN  implies  live &gt; 0
 *   blocks[i].recentAt == i for all listed, and NOT_LISTED for all others
 * </pre>
 *
 * <p>A block stays listed when its arena gives it back or sets it aside, so that a request pays for
 * no list; what returns upstream does leave.
 */
final class RecentBlocks {
  static final int NOT_LISTED = -1;

  private static final int USUAL = 16;

  private Block[] blocks = new Block[USUAL];
  private int size;

  void add(Block block) {
    if (block.recentAt != NOT_LISTED) {
      return;
    }
    if (size == blocks.length) {
      blocks = Arrays.copyOf(blocks, size * 2);
    }
    blocks[size] = block;
    block.recentAt = size++;
  }

  void remove(Block block) {
    int at = block.recentAt;
    if (at != NOT_LISTED) {
      Block last = removeLast();
      if (last != block) {
        blocks[at] = last;
        last.recentAt = at;
        block.recentAt = NOT_LISTED;
      }
    }
  }

  @SuppressWarnings("NullAway") // above size there is nothing
  private Block removeLast() {
    Block block = blocks[--size];
    blocks[size] = null;
    block.recentAt = NOT_LISTED;
    return block;
  }

  /** Has what is empty given back, and is told of the others when they are; lists none then. */
  void giveBackEmpty() {
    while (size > 0) {
      look(removeLast());
    }
    if (blocks.length > USUAL) {
      blocks = new Block[USUAL];
    }
  }

  private static void look(Block block) {
    if (block.isCurrent() && block.live() == 0) {
      block.arena().giveBackCurrent(block);
    } else if (block.place == Block.Place.CURRENT) {
      block.place = Block.Place.CURRENT_SEEN;
    }
  }

  boolean lists(Block block) {
    int at = block.recentAt;
    return 0 <= at && at < size && blocks[at] == block;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }
}
