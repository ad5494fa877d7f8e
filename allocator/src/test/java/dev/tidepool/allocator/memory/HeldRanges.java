package dev.tidepool.allocator.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What an arena really holds, to compare a recording with. */
public final class HeldRanges {
  /** A length that no recording need know: the buffer's bytes are, or were, elsewhere. */
  public static final int ANY = -1;

  private HeldRanges() {}

  /** A block, and the ranges of the buffers in it, by their start. */
  public record Held(boolean direct, int bytes, List<Range> ranges) {}

  /** The range of a buffer that is alive, or released elsewhere and not yet drained. */
  public record Range(int start, int length) {}

  /** Calls {@code action} for each block of {@code arena}, if the caller may look at it. */
  public static void forEach(Arena arena, Consumer<Held> action) {
    arena.pool().ownership().run(() -> arena.forEachBlock(block -> action.accept(of(block))));
  }

  private static Held of(Block block) {
    List<Range> ranges = new ArrayList<>();
    for (int slot = 0; slot < block.nextSlot; slot++) {
      ArenaByteBuf handle = block.handles[slot];
      if (handle.isOccupied()) {
        boolean attached = handle.isAlivePlain() && !handle.isDetached();
        ranges.add(new Range(handle.start, attached ? handle.length : ANY));
      }
    }
    return new Held(block.kind == MemoryKind.DIRECT, block.capacity, ranges);
  }

  /** Whether a block of {@code pool} is recorded, held or idle. */
  public static boolean isRecorded(BlockPool pool) {
    boolean[] found = new boolean[1];
    pool.forEachBlock(block -> found[0] |= block.recorder != null);
    return found[0];
  }
}
