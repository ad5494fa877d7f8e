package dev.tidepool.allocator.memory;

import org.jspecify.annotations.Nullable;

/**
 * The search for free ranges between a full block's living buffers, to bump in them again.
 *
 * <p>The idea is that of RC Immix (Shahriyar, Blackburn, Yang and McKinley, OOPSLA 2013): a release
 * records nothing; a block is looked at only when it is full and an allocation needs room.
 */
final class Sweeper {
  private static final int WORTHWHILE_PART = 32;

  /**
   * The number of oldest blocks in a queue to look at before a block is leased. With 4, and an
   * eighth for a worthwhile part, requests that keep one buffer of a hundred held 2.6 bytes for
   * each byte alive; so it is 1.6. With 16 it is 1.55, and every sweep costs more.
   */
  private static final int LOOKS = 8;

  private Sweeper() {}

  /** A block taken out of {@code queue}, with a gap of {@code needed} bytes opened; or null. */
  static @Nullable Block sweepFor(BlockList queue, int needed) {
    for (int looks = Math.min(LOOKS, queue.size()); looks > 0; looks--) {
      Block oldest = queue.first();
      if (oldest != null && isWorthwhile(oldest)) {
        sweep(oldest);
        if (opensGap(oldest, needed)) {
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

  private static boolean opensGap(Block swept, int needed) {
    boolean opens = swept.gaps.open(swept, needed);
    if (swept.recorder != null) {
      swept.recorder.swept(swept);
    }
    return opens;
  }

  /**
   * Whether at least half of the slots are dead or, as those say nothing about gaps of the last
   * sweep, gaps passed over add up to {@code 1 / WORTHWHILE_PART} of the block.
   */
  private static boolean isWorthwhile(Block block) {
    return 2 * block.live() <= block.nextSlot
        || block.gaps.passedOver() >= block.capacity / WORTHWHILE_PART;
  }

  /**
   * Puts the living handles first, in address order, and the free ones behind them. Afterwards the
   * block has no room until {@link Gaps#open} opens a gap.
   */
  private static void sweep(Block block) {
    int slots = block.nextSlot;
    ArenaByteBuf[] handles = block.handles;
    ArenaByteBuf[] apart = block.pool.scratchFor(slots);
    int older = partition(handles, 0, block.sweptSlots, 0, slots, apart);
    int living = partition(handles, block.sweptSlots, slots, older, slots, apart);
    merge(apart, older, living, handles);
    findGaps(block, living);
    for (int slot = living; slot < slots; slot++) {
      put(handles, slot, apart[slot]);
    }
    block.keepSlots(living);
  }

  /**
   * Puts the living of slots {@code [from, to)} behind the {@code living} that are there, and the
   * dead before the dead at the end. By arithmetic: life is random here, and a processor would
   * mispredict half of the branches.
   *
   * @return how many living are there now
   */
  private static int partition(
      ArenaByteBuf[] handles, int from, int to, int living, int slots, ArenaByteBuf[] apart) {
    int alive = living;
    for (int slot = from; slot < to; slot++) {
      ArenaByteBuf handle = handles[slot];
      int occupied = handle.occupied();
      int dead = slots - 1 - (slot - alive);
      apart[dead + ((alive - dead) & -occupied)] = handle;
      alive += occupied;
    }
    return alive;
  }

  /** Merges {@code [0, older)} and {@code [older, living)}, both in address order; as above. */
  private static void merge(ArenaByteBuf[] apart, int older, int living, ArenaByteBuf[] into) {
    int left = 0;
    int right = older;
    int slot = 0;
    while (left < older && right < living) {
      int isLeft = (apart[left].start - apart[right].start) >>> (Integer.SIZE - 1);
      put(into, slot++, apart[right + ((left - right) & -isLeft)]);
      left += isLeft;
      right += 1 - isLeft;
    }
    while (left < older) {
      put(into, slot++, apart[left++]);
    }
    while (right < living) {
      put(into, slot++, apart[right++]);
    }
  }

  private static void findGaps(Block block, int living) {
    Gaps gaps = block.gapsForSweep();
    gaps.expect(living + 1);
    int end = 0;
    for (int slot = 0; slot < living; slot++) {
      ArenaByteBuf handle = block.handles[slot];
      gaps.add(end, handle.start);
      end = handle.start + handle.reserved;
    }
    gaps.add(end, block.capacity);
  }

  private static void put(ArenaByteBuf[] handles, int slot, ArenaByteBuf handle) {
    handles[slot] = handle;
    handle.slot = slot;
  }
}
