package dev.tidepool.allocator.memory;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The list of all blocks that came from upstream through one pool. The pool's owner only. */
final class PoolBlocks {
  private @Nullable Block newest;

  void add(Block block) {
    Block before = newest;
    block.previousOfPool = before;
    if (before != null) {
      before.nextOfPool = block;
    }
    newest = block;
  }

  void remove(Block block) {
    Block before = block.previousOfPool;
    Block after = block.nextOfPool;
    if (before != null) {
      before.nextOfPool = after;
    }
    if (after != null) {
      after.previousOfPool = before;
    } else {
      newest = before;
    }
    block.previousOfPool = null;
    block.nextOfPool = null;
  }

  /** Calls {@code action} for each block; the action may remove that block, and no other. */
  void forEach(Consumer<Block> action) {
    Block block = newest;
    while (block != null) {
      Block before = block.previousOfPool;
      action.accept(block);
      block = before;
    }
  }
}
