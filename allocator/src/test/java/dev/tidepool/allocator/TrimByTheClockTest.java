package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Trimming by the clock: allocate, reset, wait, which is the arena pool's last case. */
class TrimByTheClockTest {
  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(ArenaByteBufAllocator.builder().trimInterval(Duration.ofMillis(10)));

  private final ArenaByteBufAllocator allocator = guard.allocator();
  private final EventExecutor loop = new DefaultEventExecutor();

  @AfterEach
  void endThreads() {
    TestThreads.end(loop);
  }

  private long used() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  @Test
  void aConnectionsMemoryReturnsAfterItsReset() {
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
  void anEventLoopsMemoryReturnsWithoutAnArena() {
    TestThreads.run(loop, () -> allocator.buffer(1000).release());
    TestThreads.await("the block to go back upstream", () -> used() == 0);
  }

  @Test
  void aPlainThreadsMemoryReturns() {
    allocator.buffer(1000).release();
    TestThreads.await("the block to go back upstream", () -> used() == 0);
  }

  @Test
  void memoryReleasedOnAnotherThreadReturnsWhileItsLoopIsIdle() {
    ByteBuf buffer = TestThreads.call(loop, () -> allocator.buffer(1000));
    assertThat(used()).isPositive();
    buffer.release();
    TestThreads.await("the block to go back upstream", () -> used() == 0);
  }

  @Test
  void anIdleConnectionThatNeverResetHoldsNothing() {
    ConnectionArena arena = allocator.newConnectionArena(loop);
    TestThreads.run(loop, () -> arena.buffer(1000).release());
    TestThreads.await("the block to go back upstream", () -> used() == 0);
    assertThat(arena.metric().leasedBlocks()).isZero();
    arena.close();
  }

  @Test
  void livingBuffersKeepTheirMemory() {
    ByteBuf alive = TestThreads.call(loop, () -> Patterns.fill(allocator.buffer(1000), 7));
    TestThreads.run(loop, () -> allocator.buffer(1 << 20).release());
    TestThreads.await("the idle block to go back upstream", () -> used() < 1 << 20);
    Patterns.check(alive, 7);
    alive.release();
  }

  @Test
  void memoryReleasedOnAnotherThreadReturnsAfterItsLoopsClockStopped() {
    ByteBuf alive = TestThreads.call(loop, () -> allocator.buffer(1000));
    TestThreads.run(loop, () -> allocator.buffer(1 << 20).release());
    TestThreads.await("the last tick, with the idle block", () -> used() < 1 << 20);
    alive.release();
    TestThreads.await("the other block to go back upstream", () -> used() == 0);
  }
}
