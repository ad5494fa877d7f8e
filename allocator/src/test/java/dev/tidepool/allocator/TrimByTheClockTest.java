package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.memory.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Allocate, reset, wait, trimmed: the arena pool's last case. */
class TrimByTheClockTest {
  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(ArenaByteBufAllocator.builder().trimInterval(Duration.ofMillis(10)));

  private final ArenaByteBufAllocator allocator = guard.allocator();
  private final EventExecutor loop = new DefaultEventExecutor();
  private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);

  @AfterEach
  void endThreads() {
    TestThreads.end(loop);
    clock.shutdownNow();
  }

  private long used() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  @Test
  void whatAConnectionUsedGoesBackAfterItsReset() {
    ConnectionArena arena = allocator.newConnectionArena(loop);
    TestThreads.run(
        loop,
        () -> {
          ByteBuf direct = arena.directBuffer(100_000);
          ByteBuf heap = arena.heapBuffer(100_000);
          direct.release();
          heap.release();
          arena.reset();
          assertThat(allocator.metric().pooledMemory()).isPositive();
        });

    TestThreads.await("all blocks to go back upstream", () -> used() == 0);

    TestThreads.run(loop, () -> arena.buffer().release());
    assertThat(used()).as("the clock starts anew with the next block").isPositive();
    TestThreads.await("that block to go back upstream", () -> used() == 0);
    arena.close();
  }

  @Test
  void whatAnEventLoopUsedWithoutAnArenaGoesBack() {
    TestThreads.run(loop, () -> allocator.buffer(1000).release());
    TestThreads.await("the block to go back upstream", () -> used() == 0);
  }

  @Test
  void whatAThreadWithoutAnEventLoopUsedGoesBack() {
    allocator.buffer(1000).release();
    TestThreads.await("the block to go back upstream", () -> used() == 0);
  }

  @Test
  void whatWasReleasedElsewhereGoesBackThoughItsLoopIsIdle() {
    ByteBuf buffer = TestThreads.call(loop, () -> allocator.buffer(1000));
    assertThat(used()).isPositive();
    buffer.release();
    TestThreads.await("the block to go back upstream", () -> used() == 0);
  }

  @Test
  void anOpenConnectionThatWasNeverResetHoldsNothingEither() {
    ConnectionArena arena = allocator.newConnectionArena(loop);
    TestThreads.run(loop, () -> arena.buffer(1000).release());
    TestThreads.await("the block to go back upstream", () -> used() == 0);
    assertThat(arena.metric().leasedBlocks()).isZero();
    arena.close();
  }

  @Test
  void whatIsAliveStays() {
    ByteBuf alive = TestThreads.call(loop, () -> Patterns.fill(allocator.buffer(1000), 7));
    TestThreads.run(loop, () -> allocator.buffer(1 << 20).release());
    TestThreads.await("the idle block to go back upstream", () -> used() < 1 << 20);
    Patterns.check(alive, 7);
    alive.release();
  }

  @Test
  void whatWasReleasedElsewhereGoesBackThoughItsLoopsClockHasStopped() {
    ByteBuf alive = TestThreads.call(loop, () -> allocator.buffer(1000));
    TestThreads.run(loop, () -> allocator.buffer(1 << 20).release());
    TestThreads.await("the last tick, with the idle block", () -> used() < 1 << 20);
    alive.release();
    TestThreads.await("the other block to go back upstream", () -> used() == 0);
  }

  // Interval 0

  private BlockPool poolOf(TrimClock timer) {
    Options options = Options.DEFAULTS;
    return new BlockPool(options.memory(), new Upstream(options.upstream()), timer, null);
  }

  @Test
  void anIntervalOfZeroNeverSchedulesATick() {
    TrimClock never = new TrimClock(clock, 0);
    never.start(poolOf(never));
    assertThat(clock.getQueue()).isEmpty();
  }

  @Test
  void everyOtherIntervalSchedulesOneTickAtATime() {
    TrimClock hourly = new TrimClock(clock, TimeUnit.HOURS.toNanos(1));
    BlockPool pool = poolOf(hourly);
    hourly.start(pool);
    hourly.start(pool);
    assertThat(clock.getQueue()).hasSize(1);
  }

  @Test
  void aTickThatFindsNothingIsTheLast() {
    TrimClock hourly = new TrimClock(clock, TimeUnit.HOURS.toNanos(1));
    BlockPool pool = poolOf(hourly);
    hourly.start(pool);
    hourly.run();
    assertThat(clock.getQueue()).as("the tick of start, and no other").hasSize(1);
  }
}
