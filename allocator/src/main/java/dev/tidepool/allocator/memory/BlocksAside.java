package dev.tidepool.allocator.memory;

import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The layer of an {@link Arena} that lists the blocks it bumps in no more. Owner only.
 *
 * <pre>
 *   full         small buffers shared it; swept for small ones
 *   fullLarge    large buffers shared it; swept for large ones, until the request ends
 *   straggling   either, after a request that it was full in; swept for small ones
 *   apart        it has one buffer, whichever request that is of
 * </pre>
 *
 * <p>A straggler is a buffer that outlived its request. A straggling block is one that was full
 * then; stragglers may also live in a current block, or in one that they have to themselves.
 */
abstract class BlocksAside extends ArenaAccount {
  private BlockList full = BlockList.NONE;
  private BlockList fullLarge = BlockList.NONE;
  private BlockList straggling = BlockList.NONE;
  private BlockList apart = BlockList.NONE;

  BlocksAside(BlockPool pool, MemoryKind kind, ArenaHost host) {
    super(pool, kind, host);
  }

  final Block setFull(Block block) {
    full = full.with(block);
    return place(block, Block.Place.FULL);
  }

  final Block setFullLarge(Block block) {
    fullLarge = fullLarge.with(block);
    return place(block, Block.Place.FULL_LARGE);
  }

  final Block setApart(Block block) {
    apart = apart.with(block);
    return place(block, Block.Place.APART);
  }

  private Block place(Block block, Block.Place place) {
    block.place(place, self());
    return block;
  }

  /** Unlists a block whose last buffer died. */
  final void forget(Block block) {
    listOf(block).remove(block);
  }

  /** No heap for a handle: then a block that holds nothing, and that none will empty, goes back. */
  final ArenaByteBuf nextHandleIn(Block block) {
    try {
      return block.nextHandle();
    } catch (OutOfMemoryError e) {
      if (block.live() == 0 && !block.isCurrent()) {
        forget(block);
        giveBack(block);
      }
      throw e;
    }
  }

  private BlockList listOf(Block block) {
    return switch (block.place) {
      case FULL -> full;
      case FULL_LARGE -> fullLarge;
      case STRAGGLING -> straggling;
      default -> apart;
    };
  }

  final boolean isNoneFull() {
    return full.size() == 0;
  }

  final int stragglingBlocks() {
    return straggling.size();
  }

  /** A block with a gap for a small buffer, taken out of its list; null if none is found. */
  final @Nullable Block sweepFor(int needed) {
    Block found = Sweeper.sweepFor(straggling, needed);
    return found != null ? found : Sweeper.sweepFor(full, needed);
  }

  /** A block with a gap for a large buffer, taken out of its list; null if none is found. */
  final @Nullable Block sweepLargeFor(int needed) {
    return Sweeper.sweepFor(fullLarge, needed);
  }

  /** Ends the request: the full blocks become straggling ones. */
  final void straggle() {
    straggle(full);
    straggle(fullLarge);
  }

  private void straggle(BlockList list) {
    for (Block block = list.first(); block != null; block = list.first()) {
      harvest(block);
      list.remove(block);
      straggling = straggling.with(block);
      place(block, Block.Place.STRAGGLING);
    }
  }

  final void peekAtAside(int most, Predicate<Block> look) {
    full.peek(most, look);
    fullLarge.peek(most, look);
    straggling.peek(most, look);
    apart.peek(most, look);
  }

  final void forEachAside(Consumer<Block> action) {
    full.forEach(action);
    fullLarge.forEach(action);
    straggling.forEach(action);
    apart.forEach(action);
  }
}
