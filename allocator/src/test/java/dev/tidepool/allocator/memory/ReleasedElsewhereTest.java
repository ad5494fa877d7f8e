package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A thread that releases another's buffer wakes the owner when there is a reason, else not. */
class ReleasedElsewhereTest {
  private static final int MUCH = 1024 * 1024;

  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final BlockPool pool =
      new BlockPool(
          new MemoryOptions(
              new SizeClasses(Pools.SMALLEST, Pools.LARGEST),
              16,
              Pools.MUCH,
              false,
              ChecksLevel.LIGHT,
              false,
              true),
          new Upstream(new UnpooledByteBufAllocator(false)),
          new TrimTimer() {
            @Override
            public void start(BlockPool started) {}

            @Override
            public boolean execute(Runnable task) {
              return tasks.add(task);
            }
          },
          Thread.currentThread());
  private boolean wantsRoom;
  private final Arena arena =
      new Arena(
          pool,
          MemoryKind.HEAP,
          new Pools.Host() {
            @Override
            public boolean wantsRoom() {
              return wantsRoom;
            }
          });

  @AfterEach
  void close() {
    arena.reset();
    InvariantChecker.check(pool);
    pool.close();
  }

  private void releaseElsewhere(int bytes) {
    ArenaByteBuf buffer = arena.allocate(bytes, bytes);
    CompletableFuture.runAsync(buffer::release, task -> new Thread(task, "other").start()).join();
    assertThat(buffer.refCnt()).isZero();
  }

  @Test
  void aTickWillFindItAndNobodyIsWoken() {
    releaseElsewhere(100);
    assertThat(tasks).isEmpty();
    assertThat(pool.isAboutToGiveBack()).isTrue();
  }

  @Test
  void whenRoomIsWantedTheOwnerIsWokenAtOnce() {
    wantsRoom = true;
    releaseElsewhere(100);
    assertThat(tasks).hasSize(1);
    tasks.remove().run();
    assertThat(arena.heldBlocks()).isZero();
    assertThat(pool.isAboutToGiveBack()).isFalse();
  }

  @Test
  void oneTaskIsEnoughForManyReleases() {
    wantsRoom = true;
    releaseElsewhere(100);
    wantsRoom = false;
    releaseElsewhere(MUCH);
    assertThat(tasks).hasSize(1);
    tasks.remove().run();
    assertThat(pool.isAboutToGiveBack()).isFalse();
  }

  /** By an executor that is not the pool's own: it may do nothing, and says so. */
  @Test
  void aTaskThatRunsOnAnotherThreadDoesNotKeepTheOwnerFromBeingAsked() {
    wantsRoom = true;
    releaseElsewhere(100);
    CompletableFuture.runAsync(tasks.remove(), task -> new Thread(task, "other").start()).join();
    assertThat(arena.heldBlocks()).isEqualTo(1);
    releaseElsewhere(100);
    assertThat(tasks).hasSize(1);
  }

  @Test
  void muchWakesTheOwner() {
    releaseElsewhere(MUCH);
    assertThat(tasks).hasSize(1);
  }

  @Test
  void whileTheClockRestsEachReleaseWakesTheOwner() {
    ArenaByteBuf alive = arena.allocate(100, 100);
    pool.trimTick();
    assertThat(pool.clock.isResting()).isTrue();
    CompletableFuture.runAsync(alive::release, task -> new Thread(task, "other").start()).join();
    assertThat(tasks).hasSize(1);
    tasks.remove().run();
    assertThat(pool.clock.isResting()).as("a tick is to follow").isFalse();
  }

  /** The block's bytes are free, but for whom, only {@link Gaps#open} says. */
  @Test
  void aBlockSweptInVainHasNoRoom() {
    ArenaByteBuf alive = arena.allocate(100, 100);
    Block block = alive.block;
    BlockList queue = BlockList.NONE.with(block);
    assertThat(block.limit - block.position).isPositive();
    ArenaByteBuf dead = arena.allocate(100, 100);
    ArenaByteBuf top = arena.allocate(100, 100);
    dead.release();
    top.release();
    ArenaByteBuf again = arena.allocate(4000, 4000);
    alive.release();
    assertThat(Sweeper.sweepFor(queue, block.capacity)).isNull();
    assertThat(block.limit - block.position).isZero();
    assertThat(Sweeper.sweepFor(queue, 100)).as("gaps are there").isSameAs(block);
    again.release();
  }
}
