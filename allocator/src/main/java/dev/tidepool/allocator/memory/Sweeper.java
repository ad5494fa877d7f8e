package dev.tidepool.allocator.memory;

import org.jspecify.annotations.Nullable;

/**
 * Finds the free ranges between a full block's living buffers, to bump in them again.
 *
 * <p>The idea is that of RC Immix (Shahriyar, Blackburn, Yang and McKinley, OOPSLA 2013): a release
 * records nothing; a block is looked at only when it is full and somebody needs room.
 */
final class Sweeper {
  private static final int WORTHWHILE_PART = 32;

  /**
   * How many of the oldest blocks of a queue are looked at before a block is leased. With 4, and an
   * eighth for a worthwhile part, requests that keep one buffer of a hundred held 2.6 bytes for
   * each byte alive; so it is 1.6. With 16 it is 1.55, and every sweep costs more.
   */
  private static final int LOOKS = 8;

  private Sweeper() {}

  /** A block of {@code queue}, taken out of it, with a gap of {@code needed} bytes opened. */
  static @Nullable Block sweepFor(BlockList queue, int needed) {
    for (int looks = Math.min(LOOKS, queue.size()); looks > 0; looks--) {
      Block oldest = queue.first();
      if (oldest != null && isWorthwhile(oldest)) {
        sweep(oldest);
        if (nextGap(oldest, needed)) {
          queue.remove(oldest);
          return oldest;
        }
      }
      if (oldest != null) {
        queue.moveToLast(oldest);
      }
    }
    return null;
  }

  /**
   * Whether at least half of the block's slots are free; or, as those say nothing about what the
   * last sweep found and nobody took, gaps of at least that part of its bytes.
   */
  private static boolean isWorthwhile(Block block) {
    return 2 * block.live() <= block.nextSlot
        || block.passedOver >= block.capacity / WORTHWHILE_PART;
  }

  /**
   * Puts the living handles first, in address order, and the free ones behind them. Afterwards the
   * block has no room until {@link #nextGap} opens some.
   */
  private static void sweep(Block block) {
    int slots = block.nextSlot;
    ArenaByteBuf[] before = block.pool.scratchFor(slots);
    System.arraycopy(block.handles, 0, before, 0, slots);
    int living = 0;
    int free = block.live();
    int left = 0;
    int right = block.sweptSlots;
    while (left < block.sweptSlots || right < slots) {
      boolean takeLeft =
          right == slots || (left < block.sweptSlots && before[left].start < before[right].start);
      ArenaByteBuf handle = takeLeft ? before[left++] : before[right++];
      handle.slot = handle.isOccupied() ? living++ : free++;
      block.handles[handle.slot] = handle;
    }
    block.keepSlots(living);
  }

  /** Moves on to the next gap that holds {@code needed} bytes; false if there is none left. */
  static boolean nextGap(Block block, int needed) {
    while (block.nextGap <= block.sweptSlots) {
      openGap(block);
      if (block.hasRoom(needed)) {
        return true;
      }
    }
    return false;
  }

  private static void openGap(Block block) {
    int gap = block.nextGap;
    int from = gap == 0 ? 0 : endOf(block.handles[gap - 1]);
    while (gap < block.sweptSlots && !block.handles[gap].isOccupied()) {
      gap++; // died since the sweep: its range joins the gap
    }
    int to = gap == block.sweptSlots ? block.capacity : block.handles[gap].start;
    block.nextGap = gap + 1;
    block.passedOver += block.limit - block.position;
    block.moveTo(from, to);
  }

  private static int endOf(ArenaByteBuf handle) {
    return handle.start + handle.reserved;
  }
}
