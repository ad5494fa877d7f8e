package dev.tidepool.allocator.memory;

import java.util.Arrays;

/**
 * The blocks in which an arena bumps, and which may be empty unnoticed: the clock has not looked at
 * them since they were first bumped in, or were last empty. The pool's owner only.
 *
 * <p>The owner's release is too fast to report that it emptied the block its arena bumps in. So the
 * clock looks, but only once at each block: if something is alive in it, the block becomes {@code
 * CURRENT_SEEN} and leaves this list. Its last release then takes the slow path, which makes it
 * {@code CURRENT} and lists it again. A tick costs what was used since the last one, however many
 * blocks are held.
 *
 * <pre>
 *   place == CURRENT       implies  the block is listed
 *   place == CURRENT_SEEN  implies  live &gt; 0
 *   blocks[i].recentAt == i for all listed, and NOT_LISTED for all others
 * </pre>
 *
 * <p>A block stays listed when its arena gives it back or sets it aside, so that a request pays for
 * no list. A block that returns upstream leaves the list.
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

  @SuppressWarnings("NullAway") // entries above size are null
  private Block removeLast() {
    Block block = blocks[--size];
    blocks[size] = null;
    block.recentAt = NOT_LISTED;
    return block;
  }

  /** Gives back the empty blocks and has the others report when they are. Lists none then. */
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
