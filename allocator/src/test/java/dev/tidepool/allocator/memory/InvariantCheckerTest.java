package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.memory.Block.Place;
import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each invariant, broken on purpose, is found and named. */
class InvariantCheckerTest {
  private final BlockPool pool =
      Pools.owned(
          Pools.options(ChecksLevel.OFF, Pools.MUCH),
          new Upstream(new UnpooledByteBufAllocator(false)));
  private final Arena arena = newArena();
  private final Arena other = newArena();
  private final ArenaByteBuf first = arena.allocate(96, 96);
  private final ArenaByteBuf second = arena.allocate(96, 96);
  private final Block block = first.block;

  /** Of an arena that has nothing alive in it. */
  private final Block empty = emptyBlockOf(other);

  /** The colder one of two idle blocks, and the hotter one. */
  private final Block[] idle = {
    pool.lease(MemoryKind.HEAP, 0, Pools.SMALLEST), pool.lease(MemoryKind.HEAP, 0, Pools.SMALLEST)
  };

  InvariantCheckerTest() {
    pool.giveBack(idle[0]);
    pool.giveBack(idle[1]);
  }

  private Arena newArena() {
    return new Arena(pool, MemoryKind.HEAP, new Pools.Host());
  }

  private static Block emptyBlockOf(Arena arena) {
    ArenaByteBuf buffer = arena.allocate(96, 96);
    buffer.release();
    return buffer.block;
  }

  @AfterEach
  void restoredEverythingHolds() {
    InvariantChecker.check(pool);
    first.release();
    second.release();
    pool.close();
  }

  private static void assertBroken(String invariant, ThrowingCallable check) {
    assertThatThrownBy(check)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("invariant broken: ")
        .hasMessageContaining("(expected: " + invariant);
  }

  private void assertBroken(String invariant) {
    assertBroken(invariant, () -> InvariantChecker.check(pool));
  }

  private void assertArenaBroken(String invariant) {
    assertBroken(invariant, () -> InvariantChecker.check(arena));
  }

  // A block

  @Test
  void positionLimitAndCapacityAreInOrder() {
    int position = block.position;
    int limit = block.limit;
    block.position = limit + 1;
    assertBroken("0 <= position <= limit <= capacity");
    block.position = -1;
    assertBroken("0 <= position <= limit <= capacity");
    block.position = position;
    block.limit = block.capacity + 1;
    assertBroken("0 <= position <= limit <= capacity");
    block.limit = limit;
  }

  @Test
  void aBufferThatDiedUnnoticedIsMissed() {
    int state = first.statePlain();
    first.statePlain(0);
    assertBroken("live == 1 occupied slots");
    first.statePlain(state);
  }

  @Test
  void anEmptyBlockIsRewound() {
    empty.position = 16;
    assertBroken("live == 0 implies position == 0 and nextSlot == 0");
    empty.position = 0;
  }

  @Test
  void aHandleIsInItsSlotOfItsBlock() {
    first.slot = 1;
    assertBroken("handle 0 in its slot");
    first.slot = 0;
    first.block = empty;
    assertBroken("handle 0 in its slot");
    first.block = block;
  }

  @Test
  void rangesAreDisjoint() {
    int start = second.start;
    second.start = first.start + first.reserved - 1;
    assertBroken("ranges disjoint at slot 1");
    second.start = start;
  }

  @Test
  void rangesAreInTheBlock() {
    int reserved = second.reserved;
    second.reserved = block.capacity - second.start + 1;
    assertBroken("range within the block at slot 1");
    second.reserved = reserved;
  }

  @Test
  void whatIsBumpedInNextHasNothingAlive() {
    second.reserved++;
    assertBroken("nothing alive in [position, limit): slot 1");
    second.reserved--;
  }

  @Test
  void noGapReachesIntoABuffer() {
    Gaps gaps = block.gaps;
    block.gaps = new Gaps();
    block.gaps.expect(1);
    block.gaps.add(second.start + second.reserved - 1, second.start + second.reserved);
    assertBroken("no gap reaches into slot 1");
    block.gaps = gaps;
  }

  // Where a block is

  @Test
  void nothingIsAliveInAPooledBlock() {
    block.place = Place.POOLED;
    assertBroken("nothing alive in a pooled block");
    block.place = Place.CURRENT;
  }

  @Test
  void whatWentBackUpstreamIsNoBlockOfThePool() {
    block.place = Place.RETURNED;
    assertBroken("not returned while linked to its pool");
    block.place = Place.CURRENT;
  }

  @Test
  void aLeasedBlockIsKnownToItsArena() {
    idle[1].place(Place.FULL, arena);
    assertBroken("known to the arena that leased it");
    idle[1].place(Place.POOLED, null);
  }

  @Test
  void aCurrentBlockIsListedForTheClock() {
    int at = block.recentAt;
    block.recentAt = RecentBlocks.NOT_LISTED;
    assertBroken("listed while it is CURRENT");
    block.recentAt = at + 100;
    assertBroken("listed where it says it is");
    block.recentAt = at;
  }

  @Test
  void whatTheClockHasSeenHasSomethingAlive() {
    empty.place = Place.CURRENT_SEEN;
    assertBroken("live > 0 while it is CURRENT_SEEN");
    empty.place = Place.CURRENT;
  }

  @Test
  void onlyBlocksOfThePoolAreListed() {
    BlockPool elsewhere = Pools.owned(pool.options, new Upstream(UnpooledByteBufAllocator.DEFAULT));
    Block stranger = elsewhere.lease(MemoryKind.HEAP, 0, Pools.SMALLEST);
    pool.recent.add(stranger);
    assertBroken("recent blocks == 2");
    pool.recent.remove(stranger);
    elsewhere.giveBack(stranger);
    elsewhere.close();
  }

  // The pool

  @Test
  void pooledBytesAreThoseOfTheIdleBlocks() {
    Block taken = pool.idle.take(MemoryKind.HEAP, 0);
    assertBroken("pooled == " + 2 * Pools.SMALLEST);
    pool.idle.put(taken, away -> {});
  }

  @Test
  void everyPooledBlockIsInAStack() {
    pool.idle.forEachStack(
        stack -> {
          if (stack.size() > 0) {
            Block popped = stack.pop();
            assertBroken("idle blocks == 2");
            stack.push(popped);
          }
        });
  }

  @Test
  void theWarmerBlockLiesAbove() {
    int since = idle[1].idleSince;
    idle[1].idleSince = idle[0].idleSince;
    assertBroken("idle for less long than the one below it");
    idle[1].idleSince = since;
  }

  @Test
  void theClockIsStartedWhileThereIsSomethingToTrim() {
    pool.clock.rest();
    assertBroken("a clock that is started while there is something to trim");
    pool.clock.start();
  }

  // An arena

  @Test
  void anArenaHoldsTheBytesAndBlocksThatItSays() {
    arena.leasedBytes++;
    assertArenaBroken("held == " + Pools.SMALLEST);
    assertBroken("held == " + Pools.SMALLEST);
    arena.leasedBytes--;
    arena.leasedBlocks++;
    assertArenaBroken("blocks == 1");
    arena.leasedBlocks--;
  }

  @Test
  void itsBlocksAreItsOwn() {
    block.place(Place.CURRENT, other);
    assertArenaBroken("a block of its arena");
    block.place(Place.CURRENT, arena);
  }

  @Test
  void itsBlocksAreChecked() {
    second.reserved++;
    assertArenaBroken("nothing alive in [position, limit): slot 1");
    second.reserved--;
  }

  @Test
  void onlyACurrentBlockMayBeEmpty() {
    empty.place = Place.FULL;
    assertBroken("live > 0 unless current", () -> InvariantChecker.check(other));
    empty.place = Place.CURRENT;
  }

  @Test
  void atRestAnArenaHoldsNothingAndCountedNothing() {
    assertBroken("at rest: no block held", () -> InvariantChecker.checkAtRest(arena));
    Arena fresh = newArena();
    InvariantChecker.checkAtRest(fresh);
    fresh.noteLeasedToRead();
    assertBroken(
        "at rest: nothing handed out since the last request",
        () -> InvariantChecker.checkAtRest(fresh));
    fresh.leasedBytes = 1;
    assertBroken("held == 0", () -> InvariantChecker.checkAtRest(fresh));
  }

  @Test
  void whatHoldsIsNotComplainedOf() {
    InvariantChecker.check(arena);
    InvariantChecker.check(other);
    assertThat(arena.heldBlocks()).isEqualTo(1);
  }
}
