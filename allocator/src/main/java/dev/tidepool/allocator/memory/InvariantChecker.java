package dev.tidepool.allocator.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A checker of the invariants that are written at the data. Used by tests, by {@code checks=full}
 * and, block by block, by {@code checks=light}. To be called by the owner of the pool.
 */
public final class InvariantChecker {
  private InvariantChecker() {}

  /**
   * Checks everything that came through {@code pool}.
   *
   * @throws IllegalStateException if an invariant does not hold; says which, and of what
   */
  public static void check(BlockPool pool) {
    Sums sums = new Sums();
    Set<Arena> arenas = new HashSet<>();
    int[] listed = new int[1];
    pool.forEachBlock(
        block -> {
          check(block);
          listed[0] += checkListing(pool, block);
          checkPlace(block);
          sums.add(block);
          if (block.place != Block.Place.POOLED) {
            arenas.add(block.arena());
          }
        });
    require(sums.pooled == pool.pooledBytes(), pool, "pooled == " + sums.pooled);
    require(sums.leased == pool.leasedBytes(), pool, "leased == " + sums.leased);
    require(pool.pooledBytes() <= pool.options.maxRetained(), pool, "pooled <= maxRetained");
    require(sums.idleBlocks == checkIdle(pool), pool, "idle blocks == " + sums.idleBlocks);
    require(listed[0] == pool.recent.size(), pool, "recent blocks == " + listed[0]);
    require(
        !pool.hasToTrim() || pool.clock.isStarted() || pool.isClosed(),
        pool,
        "a clock that is started while there is something to trim");
    arenas.forEach(InvariantChecker::check);
  }

  /** Checks one arena and its blocks. */
  public static void check(Arena arena) {
    Sums sums = new Sums();
    arena.forEachBlock(
        block -> {
          check(block);
          require(block.arena() == arena, block, "a block of its arena");
          require(block.recorder == arena.recorder, block, "its arena's recorder");
          require(block.isCurrent() || block.live() > 0, block, "live > 0 unless current");
          sums.add(block);
        });
    require(sums.leased == arena.heldBytes(), arena, "held == " + sums.leased);
    require(sums.blocks == arena.heldBlocks(), arena, "blocks == " + sums.blocks);
  }

  /** Checks an arena without a user. */
  public static void checkAtRest(Arena arena) {
    check(arena);
    require(arena.heldBlocks() == 0, arena, "at rest: no block held");
    require(arena.isAtRest(), arena, "at rest: nothing handed out since the last request");
  }

  /** An arena allocates for its pool's owner only. */
  static void checkOwned(Block block) {
    require(block.pool.ownership().isHeld(), block, "the calling thread owns the pool");
  }

  static void check(Block block) {
    Thread owner = block.recorder == null ? block.pool.ownerOfBlocks() : null;
    require(block.owner == owner, block, "owner == " + owner);
    require(
        0 <= block.position && block.position <= block.limit && block.limit <= block.capacity,
        block,
        "0 <= position <= limit <= capacity");
    List<ArenaByteBuf> occupied = occupied(block);
    require(
        block.live() == occupied.size(), block, "live == " + occupied.size() + " occupied slots");
    require(
        block.live() > 0 || (block.position == 0 && block.nextSlot == 0),
        block,
        "live == 0 implies position == 0 and nextSlot == 0");
    checkRanges(block, occupied);
  }

  private static List<ArenaByteBuf> occupied(Block block) {
    List<ArenaByteBuf> occupied = new ArrayList<>();
    for (int slot = 0; slot < block.nextSlot; slot++) {
      ArenaByteBuf handle = block.handles[slot];
      require(
          handle.slot == slot && handle.block == block, block, "handle " + slot + " in its slot");
      if (handle.isOccupied()) {
        occupied.add(handle);
      }
    }
    return occupied;
  }

  private static void checkRanges(Block block, List<ArenaByteBuf> occupied) {
    occupied.sort(Comparator.comparingInt(handle -> handle.start));
    int end = 0;
    for (ArenaByteBuf handle : occupied) {
      require(handle.start >= end, block, "ranges disjoint at slot " + handle.slot);
      end = handle.start + handle.reserved;
      require(end <= block.capacity, block, "range within the block at slot " + handle.slot);
      require(
          end <= block.position || handle.start >= block.limit,
          block,
          "nothing alive in [position, limit): slot " + handle.slot);
      require(
          !block.gaps.reachInto(handle.start, end),
          block,
          "no gap reaches into slot " + handle.slot);
    }
  }

  private static void checkPlace(Block block) {
    boolean pooled = block.place == Block.Place.POOLED;
    require(!pooled || block.live() == 0, block, "nothing alive in a pooled block");
    require(block.place != Block.Place.RETURNED, block, "not returned while linked to its pool");
    if (!pooled) {
      boolean[] found = new boolean[1];
      block.arena().forEachBlock(other -> found[0] |= other == block);
      require(found[0], block, "known to the arena that leased it");
    }
  }

  /** 1 if {@code block} is one of the recent blocks, else 0. */
  private static int checkListing(BlockPool pool, Block block) {
    boolean listed = pool.recent.lists(block);
    require(
        listed == (block.recentAt != RecentBlocks.NOT_LISTED), block, "listed where it says it is");
    require(listed || block.place != Block.Place.CURRENT, block, "listed while it is CURRENT");
    require(
        block.live() > 0 || block.place != Block.Place.CURRENT_SEEN,
        block,
        "live > 0 while it is CURRENT_SEEN");
    return listed ? 1 : 0;
  }

  private static int checkIdle(BlockPool pool) {
    int[] idle = new int[1];
    pool.idle.forEachStack(
        stack -> {
          Block[] colder = new Block[1];
          stack.forEach(
              block -> {
                require(block.place == Block.Place.POOLED, block, "POOLED in a stack");
                require(
                    colder[0] == null || colder[0].idleSince - block.idleSince < 0,
                    block,
                    "idle for less long than the one below it");
                colder[0] = block;
              });
          idle[0] += stack.size();
        });
    return idle[0];
  }

  private static void require(boolean holds, Object subject, String invariant) {
    if (!holds) {
      throw new IllegalStateException(
          "invariant broken: " + subject + " (expected: " + invariant + ')');
    }
  }

  private static final class Sums {
    long pooled;
    long leased;
    int idleBlocks;
    int blocks;

    void add(Block block) {
      blocks++;
      if (block.place == Block.Place.POOLED) {
        pooled += block.capacity;
        idleBlocks++;
      } else {
        leased += block.capacity;
      }
    }
  }
}
