package dev.tidepool.allocator.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.memory.MemoryOptions;
import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import dev.tidepool.allocator.memory.SizeClasses;
import dev.tidepool.allocator.memory.Upstream;
import io.netty.buffer.UnpooledByteBufAllocator;
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
}
