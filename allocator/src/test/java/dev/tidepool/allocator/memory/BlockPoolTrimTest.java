package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.FaultyUpstream;
import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pool's clock, tick by tick. */
class BlockPoolTrimTest {
  private static final int RETAINED_BLOCKS = 3;
  private static final int SMALL = Pools.SMALLEST;

  private final FaultyUpstream memory = new FaultyUpstream();
  private final Upstream upstream = new Upstream(memory);
  private int started;
  private final BlockPool pool =
      new BlockPool(
          Pools.options(ChecksLevel.LIGHT, RETAINED_BLOCKS * SMALL),
          upstream,
          started -> this.started++,
          Thread.currentThread());
  private final Arena arena = new Arena(pool, MemoryKind.DIRECT, new Pools.Host());

  @AfterEach
  void everythingGoesBack() {
    arena.reset();
    InvariantChecker.check(pool);
    pool.trimAll();
    assertThat(memory.used()).isZero();
    pool.close();
  }

  private ByteBuf allocate(int bytes) {
    return arena.allocate(bytes, bytes);
  }

  @Test
  void anIdleBlockGoesBackAtTheFourthTickAndTheClockStops() {
    allocate(100).release();
    arena.reset();

    assertThat(pool.trimTick()).isTrue();
    assertThat(pool.trimTick()).isTrue();
    assertThat(pool.trimTick()).isTrue();
    assertThat(memory.used()).isEqualTo(SMALL);
    assertThat(pool.trimTick()).as("whether to tick on").isFalse();
    assertThat(memory.used()).isZero();
  }

  @Test
  void aBlockThatEveryRequestUsesStays() {
    for (int i = 0; i < 10; i++) {
      allocate(100).release();
      arena.reset();
      assertThat(pool.trimTick()).isTrue();
    }
    assertThat(upstream.allocations()).isEqualTo(1);
  }

  @Test
  void theClockStopsWhileAllThatIsHeldIsAliveAndStartsAgainOnRelease() {
    ByteBuf alive = allocate(100);
    assertThat(pool.trimTick()).isFalse();
    assertThat(started).isEqualTo(1);
    alive.setByte(0, 1).release();
    assertThat(started).isEqualTo(2);
    assertThat(pool.trimTick()).as("its block is idle").isTrue();
    assertThat(arena.heldBlocks()).isZero();
  }

  @Test
  void theClockStartsWithTheFirstBlockAndAnewWhenAllAreGone() {
    assertThat(started).isZero();
    ByteBuf one = allocate(100);
    ByteBuf other = allocate(100_000);
    assertThat(started).isEqualTo(1);
    one.release();
    other.release();
    arena.reset();
    pool.trimAll();
    allocate(100).release();
    assertThat(started).isEqualTo(2);
  }

  @Test
  void anEmptyBlockOfAnArenaThatWasNotResetIsIdleToo() {
    allocate(100).release();
    assertThat(pool.leasedBytes()).isEqualTo(SMALL);
    assertThat(pool.trimTick()).isTrue();
    assertThat(pool.leasedBytes()).isZero();
    assertThat(arena.heldBlocks()).isZero();
    assertThat(pool.trimTick()).isTrue();
    assertThat(pool.trimTick()).isTrue();
    assertThat(pool.trimTick()).isFalse();
  }

  @Test
  void aTickFindsWhatOtherThreadsReleased() {
    ByteBuf elsewhere = allocate(100);
    CompletableFuture.runAsync(elsewhere::release).join();
    assertThat(arena.heldBlocks()).isEqualTo(1);
    pool.trimTick();
    assertThat(arena.heldBlocks()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void noMoreThanMaxRetainedIsKept(MemoryKind kind) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < RETAINED_BLOCKS + 2; i++) {
      blocks.add(pool.lease(kind, 0, SMALL));
    }
    blocks.forEach(pool::giveBack);

    assertThat(pool.pooledBytes()).isEqualTo(RETAINED_BLOCKS * SMALL);
    assertThat(memory.used()).isEqualTo(RETAINED_BLOCKS * SMALL);
    assertThat(pool.idle.count(kind, 0)).isEqualTo(RETAINED_BLOCKS);
  }

  @Test
  void maxRetainedCountsBytesOfAllSizesAndKinds() {
    Block direct = pool.lease(MemoryKind.DIRECT, 1, 2 * SMALL);
    Block heap = pool.lease(MemoryKind.HEAP, 0, SMALL);
    Block over = pool.lease(MemoryKind.HEAP, 0, SMALL);
    pool.giveBack(heap); // the coldest, and as large as the excess
    pool.giveBack(direct);
    pool.giveBack(over);
    assertThat(pool.pooledBytes()).isEqualTo(RETAINED_BLOCKS * SMALL);
    assertThat(memory.used()).isEqualTo(RETAINED_BLOCKS * SMALL);
  }

  @Test
  void whatIsLargerThanEveryClassGoesStraightBack() {
    ByteBuf huge = allocate(Pools.LARGEST + 1);
    assertThat(memory.used()).isGreaterThan(Pools.LARGEST);
    huge.release();
    assertThat(memory.used()).isZero();
  }
}
