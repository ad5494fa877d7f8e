package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The test cases of the arena pool in the manner of {@code apr_pool} that arenas derive from. */
class ArenaPoolCasesTest {
  private static final int THREADS = 10;

  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final EventExecutor loop = new DefaultEventExecutor();

  @AfterEach
  void endLoop() {
    TestThreads.end(loop);
  }

  /** Checks walk the whole block each time, so blocks are small where something is checked. */
  private ArenaByteBufAllocator allocator(Checks checks) {
    ArenaByteBufAllocator.Builder options = ArenaByteBufAllocator.builder();
    if (checks != Checks.OFF) {
      options.maxBlockSize(16 * 1024);
    }
    return guard.another(options.trimInterval(Duration.ZERO).checks(checks));
  }

  @ParameterizedTest
  @EnumSource
  void basicUseBeforeAndAfterReset(Checks checks) {
    ConnectionArena arena = allocator(checks).newConnectionArena(loop);
    TestThreads.run(
        loop,
        () -> {
          ByteBuf before = Patterns.fill(arena.directBuffer(100), 1);
          ByteBuf heapBefore = Patterns.fill(arena.heapBuffer(100), 2);
          ByteBuf startOfBlock = before.duplicate();
          Patterns.check(before, 1);
          Patterns.check(heapBefore, 2);
          before.release();
          heapBefore.release();
          arena.reset();
          assertThat(arena.metric().leasedBlocks()).isZero();
          assertThat(startOfBlock.refCnt()).isZero();

          ByteBuf after = Patterns.fill(arena.directBuffer(100), 3);
          ByteBuf heapAfter = Patterns.fill(arena.heapBuffer(100), 4);
          Patterns.check(after, 3);
          Patterns.check(heapAfter, 4);
          assertThat(arena.shared().metric().upstreamAllocations())
              .as("the blocks of the first request serve the second")
              .isEqualTo(2);
          after.release();
          heapAfter.release();
          arena.close();
        });
  }

  @ParameterizedTest
  @EnumSource
  void tenThousandAllocationsOf128Bytes(Checks checks) {
    ArenaByteBufAllocator allocator = allocator(checks);
    ConnectionArena arena = allocator.newConnectionArena(loop);
    TestThreads.run(
        loop,
        () -> {
          tenThousandAllocationsOf128Bytes(allocator);
          tenThousandAllocationsOf128Bytes(arena);
          arena.reset();
          assertThat(arena.metric().leasedBlocks()).isZero();
          assertThat(arena.metric().allocatedBytes()).isEqualTo(10_000 * 128);
          tenThousandAllocationsOf128Bytes(arena);
          arena.close();
        });
    tenThousandAllocationsOf128Bytes(allocator);
  }

  private static void tenThousandAllocationsOf128Bytes(ByteBufAllocator allocator) {
    List<ByteBuf> buffers = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      buffers.add(Patterns.fill(allocator.buffer(128), i));
    }
    for (int i = 0; i < buffers.size(); i++) {
      Patterns.check(buffers.get(i), i);
    }
    buffers.forEach(ByteBuf::release);
  }

  // Threads

  @ParameterizedTest
  @EnumSource
  void tenThreadsOfAThousandAllocationsOf64BytesOnOneAllocator(Checks checks) throws Exception {
    ArenaByteBufAllocator allocator = allocator(checks);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    onTenThreads(allocator, threads);
    threads.shutdown();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void tenEventLoopsOfAThousandAllocationsOf64BytesOnOneAllocator(Checks checks) throws Exception {
    EventExecutorGroup loops = new DefaultEventExecutorGroup(THREADS);
    onTenThreads(allocator(checks), loops);
    TestThreads.end(loops);
  }

  @ParameterizedTest
  @EnumSource
  void tenThreadsOfAThousandAllocationsOf64BytesOnOneConnectionArena(Checks checks)
      throws Exception {
    ConnectionArena arena = allocator(checks).newConnectionArena(loop);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS - 1);
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Future<Boolean>> done = new ArrayList<>();
    done.add(loop.submit(aThousandTimes64Bytes(arena, 0, start)));
    for (int i = 1; i < THREADS; i++) {
      done.add(threads.submit(aThousandTimes64Bytes(arena, i, start)));
    }
    for (Future<Boolean> one : done) {
      assertThat(one.get()).isTrue();
    }
    TestThreads.run(loop, arena::reset);
    assertThat(arena.metric().leasedBlocks()).isZero();
    assertThat(arena.metric().allocatedBytes()).isEqualTo(THREADS * 1000 * 64);
    arena.close();
    threads.shutdown();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  private static void onTenThreads(ByteBufAllocator allocator, ExecutorService threads)
      throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Future<Boolean>> done = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) { // not invokeAll: a group runs it on one of its loops
      done.add(threads.submit(aThousandTimes64Bytes(allocator, i, start)));
    }
    for (Future<Boolean> one : done) {
      assertThat(one.get()).isTrue();
    }
  }

  private static Callable<Boolean> aThousandTimes64Bytes(
      ByteBufAllocator allocator, int thread, CyclicBarrier start) {
    return () -> {
      start.await();
      List<ByteBuf> mine = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        mine.add(Patterns.fill(allocator.buffer(64), thread * 1000 + i));
      }
      for (int i = 0; i < mine.size(); i++) {
        Patterns.check(mine.get(i), thread * 1000 + i);
      }
      mine.forEach(ByteBuf::release);
      return true;
    };
  }
}
