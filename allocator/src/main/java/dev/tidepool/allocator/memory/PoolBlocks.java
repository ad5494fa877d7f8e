package dev.tidepool.allocator.memory;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Every block that came from upstream through one pool, wherever it is. The pool's owner only. */
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

  /** The action may remove the block it is given, and no other. */
  void forEach(Consumer<Block> action) {
    Block block = newest;
    while (block != null) {
      Block before = block.previousOfPool;
      action.accept(block);
      block = before;
    }
  }
}
