package dev.tidepool.allocator.memory;

import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A queue of an arena's blocks, oldest first, linked through the blocks. Owner only. */
final class BlockList {
  /** The list before there is one: empty; {@link #with} returns a new list. */
  static final BlockList NONE = new BlockList();

  private @Nullable Block first;
  private @Nullable Block last;
  private int size;

  int size() {
    return size;
  }

  @Nullable Block first() {
    return first;
  }

  /** The list with {@code block} as its last: this one, unless this is {@link #NONE}. */
  BlockList with(Block block) {
    BlockList list = this == NONE ? new BlockList() : this;
    list.addLast(block);
    return list;
  }

  private void addLast(Block block) {
    Block before = last;
    block.previous = before;
    if (before == null) {
      first = block;
    } else {
      before.next = block;
    }
    last = block;
    size++;
  }

  void remove(Block block) {
    Block before = block.previous;
    Block after = block.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    block.previous = null;
    block.next = null;
    size--;
  }

  void moveToLast(Block block) {
    remove(block);
    addLast(block);
  }

  /** Calls {@code action} for each block; the action may remove the block it is given. */
  void forEach(Consumer<Block> action) {
    Block block = first;
    while (block != null) {
      Block after = block.next;
      action.accept(block);
      block = after;
    }
  }

  /**
   * Has {@code look} look at blocks, at most {@code most}, while it says to go on. Any thread: it
   * may be led into another list, and to its end.
   */
  void peek(int most, Predicate<Block> look) {
    Block block = first;
    for (int left = most; left > 0 && block != null && look.test(block); left--) {
      block = block.next;
    }
  }
}
