package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An event loop that suspends, which gives up its thread and resumes on another. */
class LoopSuspendTest {
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final SingleThreadEventExecutor loop = (SingleThreadEventExecutor) group.next();

  @AfterEach
  void endLoop() {
    TestThreads.end(group);
  }

  private ArenaByteBufAllocator allocator(Checks checks) {
    return guard.another(
        ArenaByteBufAllocator.builder().trimInterval(Duration.ZERO).checks(checks));
  }

  /** Waits until the loop's thread has ended; the next task starts another. */
  private void suspend() {
    AtomicReference<Thread> thread = new AtomicReference<>();
    TestThreads.run(loop, () -> thread.set(Thread.currentThread()));
    TestThreads.await("suspension", loop::trySuspend);
    TestThreads.await("the thread's end", () -> !thread.get().isAlive());
    TestThreads.run(loop, () -> assertThat(Thread.currentThread()).isNotSameAs(thread.get()));
  }

  @ParameterizedTest
  @EnumSource
  void aLivingBufferStaysValidAndReturnsOnItsLastRelease(Checks checks) {
    ArenaByteBufAllocator shared = allocator(checks);
    ConnectionArena arena = shared.newConnectionArena(loop);
    List<ByteBuf> alive = new ArrayList<>();
    TestThreads.run(
        loop,
        () -> {
          for (int size : new int[] {10, 20_000, 5 << 20}) {
            alive.add(Patterns.fill(shared.directBuffer(size), alive.size()));
            alive.add(Patterns.fill(arena.directBuffer(size), alive.size()));
            alive.add(Patterns.fill(arena.heapBuffer(size), alive.size()));
          }
        });

    suspend();

    TestThreads.run(
        loop,
        () -> {
          for (int i = 0; i < alive.size(); i++) {
            int size = alive.get(i).capacity();
            Patterns.check(alive.get(i), i);
            Patterns.check(alive.get(i).capacity(size + 10), i, size);
          }
          arena.reset();
          assertThat(arena.metric().stragglers()).isEqualTo(6);
          ByteBuf now = Patterns.fill(arena.buffer(100), 77);
          alive.forEach(ByteBuf::release);
          Patterns.check(now, 77);
          now.release();
          arena.reset();
          assertThat(arena.metric().leasedBlocks()).isZero();
          arena.close();
        });
    assertThat(shared.metric().openArenas()).isZero();
  }

  @Test
  void aConnectionGoesOnInThePoolOfTheNewThread() {
    ArenaByteBufAllocator shared = allocator(Checks.OFF);
    ConnectionArena arena = shared.newConnectionArena(loop);
    for (int i = 1; i <= 5; i++) {
      TestThreads.run(
          loop,
          () -> {
            arena.buffer(1000).release();
            arena.heapBuffer(1000).release();
            arena.reset();
          });
      assertThat(arena.metric().requests()).isEqualTo(i);
      assertThat(arena.metric().leasedBlocks()).isZero();
      suspend();
      assertThat(shared.metric().usedDirectMemory() + shared.metric().usedHeapMemory())
          .as("the old thread's pool is closed, and no thread used a lane")
          .isZero();
    }
    TestThreads.run(loop, arena::close);
  }

  @Test
  void theBytesOfARequestBegunBeforeAreCounted() {
    ConnectionArena arena = allocator(Checks.FULL).newConnectionArena(loop);
    ByteBuf before = TestThreads.call(loop, () -> arena.buffer(1600));
    suspend();
    TestThreads.run(
        loop,
        () -> {
          ByteBuf after = arena.buffer(3200);
          before.release();
          after.release();
          arena.reset();
        });
    assertThat(arena.metric().allocatedBytes()).isEqualTo(4800);
    assertThat(arena.metric().requests()).isEqualTo(1);
    TestThreads.run(loop, arena::close);
  }

  @Test
  void aConnectionMayCloseOnTheNewThread() {
    ConnectionArena arena = allocator(Checks.FULL).newConnectionArena(loop);
    ByteBuf alive = TestThreads.call(loop, () -> Patterns.fill(arena.buffer(100), 1));
    suspend();
    TestThreads.run(loop, arena::close);
    Patterns.check(alive, 1);
    assertThat(arena.metric().leasedBlocks()).isEqualTo(1);
    alive.release();
    assertThat(arena.metric().leasedBlocks()).isZero();
  }

  @Test
  void otherThreadsMayReadFiguresWhileAConnectionChangesItsThread() {
    ArenaByteBufAllocator shared = allocator(Checks.OFF);
    ConnectionArena arena = shared.newConnectionArena(loop);
    List<ByteBuf> alive = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      TestThreads.run(
          loop,
          () -> {
            alive.add(arena.directBuffer(100));
            alive.add(arena.heapBuffer(100));
          });
      suspend();
      assertThat(shared.heaviest(1)).containsExactly(arena);
    }
    assertThat(arena.metric().leasedBlocks()).isEqualTo(10);
    TestThreads.run(loop, () -> assertThat(arena.dump()).contains("blocks: 10"));
    alive.forEach(ByteBuf::release);
    assertThat(arena.metric().leasedBlocks()).isZero();
    TestThreads.run(loop, arena::close);
  }
}
