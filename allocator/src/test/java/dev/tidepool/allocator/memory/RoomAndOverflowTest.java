package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one arena does when room is wanted, and when it has none. */
class RoomAndOverflowTest {
  private static final int SMALL = 100;
  private static final int LARGE = 16 * 1024;

  private final Upstream upstream = new Upstream(new UnpooledByteBufAllocator(false));
  private final MemoryOptions options = Pools.options(ChecksLevel.LIGHT, Pools.MUCH);
  private final BlockPool pool = Pools.owned(options, upstream);
  private final Pools.Host host = new Pools.Host();
  private final Arena arena = new Arena(pool, MemoryKind.HEAP, host);

  @AfterEach
  void nothingIsHeld() {
    InvariantChecker.check(pool);
    pool.close();
    assertThat(host.charged()).isZero();
    assertThat(upstream.heldHeap()).isZero();
  }

  private ArenaByteBuf allocate(int bytes) {
    return arena.allocate(bytes, bytes);
  }

  @Test
  void withoutRoomWantedAnEmptyBlockWaitsForTheNextBuffer() {
    allocate(SMALL).release();
    allocate(LARGE).release();
    assertThat(arena.heldBlocks()).isEqualTo(2);
    arena.giveBackEmpty();
    assertThat(arena.heldBlocks()).isZero();
  }

  @Test
  void whenRoomIsWantedEmptyBlocksGoBack() {
    allocate(SMALL).release();
    allocate(LARGE).release();
    arena.makeRoom();
    assertThat(arena.heldBlocks()).isZero();
    assertThat(host.charged()).isZero();
  }

  @Test
  void whenRoomIsWantedTheLastReleaseGivesABlockBack() {
    ArenaByteBuf small = allocate(SMALL);
    ArenaByteBuf large = allocate(LARGE);
    arena.makeRoom();
    assertThat(arena.heldBlocks()).isEqualTo(2);
    small.release();
    assertThat(arena.heldBlocks()).isEqualTo(1);
    large.release();
    assertThat(arena.heldBlocks()).isZero();
  }

  @Test
  void givenBackWhenEmptyABlockServesUntilItsLastRelease() {
    ArenaByteBuf first = allocate(SMALL);
    allocate(LARGE).release();
    arena.giveBackWhenEmpty();
    assertThat(arena.heldBlocks()).as("the empty one is given back").isEqualTo(1);
    ArenaByteBuf second = allocate(SMALL);
    assertThat(arena.heldBlocks()).as("it still serves").isEqualTo(1);
    first.release();
    assertThat(arena.heldBlocks()).isEqualTo(1);
    second.release();
    assertThat(arena.heldBlocks()).isZero();
    allocate(SMALL).release();
    assertThat(arena.heldBlocks()).as("the next block waits").isEqualTo(1);
  }

  @Test
  void overflowGoesStraightBackUpstream() {
    ArenaByteBuf buffer = arena.allocateOverflow(SMALL, SMALL);
    assertThat(host.charged()).as("told of").isEqualTo(options.aligned(SMALL));
    assertThat(upstream.heldHeap()).isEqualTo(options.aligned(SMALL));
    assertThat(buffer.capacity()).isEqualTo(SMALL);
    buffer.release();
    assertThat(upstream.heldHeap()).isZero();
    assertThat(arena.heldBytes()).isZero();
  }

  @Test
  void withoutAThreadOverflowIsLeasedUnderTheLockWhichIsLeft() {
    BlockPool lane = Pools.lane(options, upstream);
    Pools.Host underLock =
        new Pools.Host() {
          @Override
          public void overflowed(int bytes) {
            assertThat(lane.ownership().isHeld()).isTrue();
            super.overflowed(bytes);
          }
        };
    Arena shared = new Arena(lane, MemoryKind.HEAP, underLock);
    ArenaByteBuf buffer = shared.allocateOverflow(SMALL, SMALL);
    assertThat(lane.ownership().lock().isLocked()).isFalse();
    buffer.release();
    lane.ownership().locked(lane::drainRemoteReleases);
    assertThat(underLock.charged()).isZero();
    lane.close();
  }

  @Test
  void aTickFollowsASweep() {
    pool.clock.rest();
    assertThat(pool.scratchFor(10)).hasSizeGreaterThanOrEqualTo(10);
    assertThat(pool.clock.isStarted()).isTrue();
    pool.clock.rest();
    pool.scratchFor(10);
    assertThat(pool.clock.isStarted()).as("for what is there already").isFalse();
  }
}
