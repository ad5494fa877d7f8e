package dev.tidepool.allocator.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The idle blocks of a pool: a stack for each kind of memory and size class, with one order over
 * all of them, that in which they became idle. The pool's owner only.
 *
 * <pre>
 *   bytes == sum of the capacities of the blocks in the stacks &lt;= maxRetained
 *   in each stack, from the bottom up, idleSince ascends
 * </pre>
 *
 * <p>So the coldest block of all is at the bottom of a stack. It is found by looking at each stack
 * when there is no room for a warmer block; no list of all has to be kept.
 */
public final class IdleBlocks {
  /**
   * The idle blocks of one size class.
   *
   * @param blockBytes the size of each
   * @param blocks their number; positive
   */
  public record Count(int blockBytes, MemoryKind kind, int blocks) {}

  private final IdleStack[] direct;
  private final IdleStack[] heap;
  private final long maxRetained;
  private long bytes;
  private int turn = 1; // a block that was never pooled has 0

  IdleBlocks(MemoryOptions options) {
    this.direct = stacks(options.sizes().count());
    this.heap = stacks(options.sizes().count());
    this.maxRetained = options.maxRetained();
  }

  private static IdleStack[] stacks(int count) {
    IdleStack[] stacks = new IdleStack[count];
    for (int i = 0; i < count; i++) {
      stacks[i] = new IdleStack();
    }
    return stacks;
  }

  /** Takes out the hottest block of its class; null if there is none. */
  @Nullable Block take(MemoryKind kind, int sizeClass) {
    Block block = stack(kind, sizeClass).pop();
    if (block != null) {
      bytes -= block.capacity;
    }
    return block;
  }

  /** Whether {@code block} may be put here, if necessary instead of all others. */
  boolean hasPlaceFor(Block block) {
    return block.sizeClass < direct.length && block.capacity <= maxRetained;
  }

  /**
   * Puts {@code block} here as the hottest of all. First the coldest blocks, of any class, go
   * {@code away} until it fits.
   */
  void put(Block block, Consumer<Block> away) {
    while (bytes > maxRetained - block.capacity) {
      away(coldestStack().removeColdest(), away);
    }
    bytes += block.capacity;
    block.idleSince = turn++;
    stack(block.kind, block.sizeClass).push(block);
  }

  private IdleStack coldestStack() {
    return colder(colder(null, direct), heap);
  }

  @SuppressWarnings("NullAway") // a stack has the bytes that are too many
  private static IdleStack colder(@Nullable IdleStack found, IdleStack[] stacks) {
    IdleStack coldest = found;
    for (IdleStack stack : stacks) {
      if (stack.size() > 0 && (coldest == null || isColder(stack.coldest(), coldest.coldest()))) {
        coldest = stack;
      }
    }
    return coldest;
  }

  /** Compares by difference: the count of turns may overflow. */
  private static boolean isColder(Block block, Block other) {
    return block.idleSince - other.idleSince < 0;
  }

  /** Sends away the blocks idle for three quarters of an interval; see {@link IdleStack}. */
  void trimIdle(Consumer<Block> away) {
    forEachStack(stack -> stack.trimIdle(block -> away(block, away)));
  }

  void trimAll(Consumer<Block> away) {
    forEachStack(stack -> stack.trimAll(block -> away(block, away)));
  }

  private void away(Block block, Consumer<Block> away) {
    bytes -= block.capacity;
    away.accept(block);
  }

  void forEachStack(Consumer<IdleStack> action) {
    for (int i = 0; i < direct.length; i++) {
      action.accept(direct[i]);
      action.accept(heap[i]);
    }
  }

  private IdleStack stack(MemoryKind kind, int sizeClass) {
    return (kind == MemoryKind.DIRECT ? direct : heap)[sizeClass];
  }

  int count(MemoryKind kind, int sizeClass) {
    return stack(kind, sizeClass).size();
  }

  /** Exact for the owner, a recent value for others. */
  List<Count> counts(SizeClasses sizes) {
    List<Count> counts = new ArrayList<>();
    for (int sizeClass = 0; sizeClass < direct.length; sizeClass++) {
      for (MemoryKind kind : MemoryKind.values()) {
        int blocks = count(kind, sizeClass);
        if (blocks > 0) {
          counts.add(new Count(sizes.sizeOf(sizeClass), kind, blocks));
        }
      }
    }
    return counts;
  }

  /** Exact for the owner, a recent value for others. */
  long bytes() {
    return bytes;
  }
}
