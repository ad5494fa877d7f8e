package dev.tidepool.allocator.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaBudget;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.ArenaHost;
import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.memory.MemoryKind;
import dev.tidepool.allocator.memory.MemoryOptions;
import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import dev.tidepool.allocator.memory.SizeClasses;
import dev.tidepool.allocator.memory.Upstream;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The ticks that a trim clock schedules. */
class TrimClockTest {
  private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);

  @AfterEach
  void endThread() {
    clock.shutdownNow();
  }

  private static BlockPool poolOf(TrimClock timer) {
    MemoryOptions options =
        new MemoryOptions(new SizeClasses(4096, 1 << 20), 16, 1 << 20, false, ChecksLevel.OFF);
    return new BlockPool(options, new Upstream(UnpooledByteBufAllocator.DEFAULT), timer, null);
  }

  private static final class Host implements ArenaHost {
    @Override
    public ArenaBudget budget() {
      return ArenaBudget.NONE;
    }

    @Override
    public ByteBufAllocator allocator() {
      throw new UnsupportedOperationException("there is no allocator above this arena");
    }

    @Override
    public ArenaByteBuf allocateElsewhere(Arena arena, int length) {
      throw new UnsupportedOperationException("there is no memory elsewhere");
    }
  }

  private static void leaveIdle(BlockPool pool, Arena arena) {
    assertThat(pool.ownership().run(() -> allocateAndReset(arena))).isTrue();
    assertThat(pool.pooledBytes()).isPositive();
  }

  private static void allocateAndReset(Arena arena) {
    arena.allocateOwned(100, 100).release();
    arena.reset();
  }

  @Test
  void anIntervalOfZeroNeverSchedulesATick() {
    TrimClock never = new TrimClock(clock, 0);
    never.start(poolOf(never));
    assertThat(clock.getQueue()).isEmpty();
  }

  @Test
  void aPositiveIntervalSchedulesOneTickAtATime() {
    TrimClock hourly = new TrimClock(clock, TimeUnit.HOURS.toNanos(1));
    BlockPool pool = poolOf(hourly);
    hourly.start(pool);
    hourly.start(pool);
    assertThat(clock.getQueue()).hasSize(1);
  }

  @Test
  void aTickThatFindsNothingToTrimIsTheLast() {
    TrimClock hourly = new TrimClock(clock, TimeUnit.HOURS.toNanos(1));
    BlockPool pool = poolOf(hourly);
    hourly.start(pool);
    hourly.run();
    assertThat(clock.getQueue()).as("only the tick of start").hasSize(1);
  }

  /** Without a thread or heap for the next tick the pool's clock must not seem to go on. */
  @Test
  void aClockThatCannotGoOnIsStartedByTheNextBlock() {
    boolean[] fails = {false};
    ScheduledThreadPoolExecutor failing =
        new ScheduledThreadPoolExecutor(1) {
          @Override
          public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            if (fails[0]) {
              throw new OutOfMemoryError("no thread");
            }
            return super.schedule(task, delay, unit);
          }
        };
    TrimClock hourly = new TrimClock(failing, TimeUnit.HOURS.toNanos(1));
    BlockPool pool = poolOf(hourly);
    Arena arena = new Arena(pool, MemoryKind.HEAP, new Host());
    leaveIdle(pool, arena);
    assertThat(failing.getQueue()).hasSize(1);
    failing.getQueue().clear();
    fails[0] = true;
    hourly.run();
    fails[0] = false;
    leaveIdle(pool, arena);
    assertThat(failing.getQueue()).hasSize(1);
    failing.shutdownNow();
    pool.close();
  }
}
