package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.FastThreadLocal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The end of an event loop while buffers of its pool are alive elsewhere. */
class LoopEndTest {
  private static final int LARGEST = 64 * 1024;

  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private ArenaByteBufAllocator allocator;

  private ArenaByteBufAllocator allocator(Checks checks) {
    allocator =
        guard.another(
            ArenaByteBufAllocator.builder()
                .maxBlockSize(LARGEST)
                .trimInterval(Duration.ZERO)
                .checks(checks));
    return allocator;
  }

  private long used() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  static Stream<Arguments> everyLoop() {
    return Stream.of(
            loop("a default executor", DefaultEventExecutor::new),
            loop("NIO", () -> EventLoops.nio(1)))
        .flatMap(loop -> Stream.of(Checks.values()).map(checks -> Arguments.of(loop, checks)));
  }

  private static Named<Supplier<EventExecutorGroup>> loop(
      String name, Supplier<EventExecutorGroup> make) {
    return Named.of(name, make);
  }

  /** Sizes: small, in the same block, half a block, a block of its own, memory of its own. */
  private static List<ByteBuf> allSizes(ByteBufAllocator of) {
    List<ByteBuf> buffers = new ArrayList<>();
    for (int size : new int[] {64, 1000, 5000, LARGEST / 2 + 1, LARGEST + 1}) {
      buffers.add(Patterns.fill(of.directBuffer(size), buffers.size()));
      buffers.add(Patterns.fill(of.heapBuffer(size), buffers.size()));
    }
    return buffers;
  }

  private void releaseOneByOne(List<ByteBuf> buffers) {
    for (int i = 0; i < buffers.size(); i++) {
      assertThat(used()).isPositive();
      Patterns.check(buffers.get(i), i);
      assertThat(buffers.get(i).release()).isTrue();
    }
    assertThat(used()).as("without a trim, on the last release").isZero();
  }

  @ParameterizedTest
  @MethodSource("everyLoop")
  void memoryOfTheSharedAllocatorGoesBackOnTheLastRelease(
      Supplier<EventExecutorGroup> make, Checks checks) {
    EventExecutorGroup loop = make.get();
    ArenaByteBufAllocator shared = allocator(checks);
    List<ByteBuf> buffers = TestThreads.call(loop.next(), () -> allSizes(shared));

    TestThreads.end(loop);

    releaseOneByOne(buffers);
  }

  @ParameterizedTest
  @MethodSource("everyLoop")
  void memoryOfAConnectionGoesBackOnTheLastRelease(
      Supplier<EventExecutorGroup> make, Checks checks) {
    EventExecutorGroup loop = make.get();
    ConnectionArena arena = allocator(checks).newConnectionArena(loop.next());
    List<ByteBuf> buffers = TestThreads.call(loop.next(), () -> allSizes(arena));

    TestThreads.end(loop);
    assertThat(arena.metric().leasedBlocks()).isPositive();

    releaseOneByOne(buffers);
    assertThat(arena.metric().leasedBlocks()).isZero();
    arena.close();
    TestThreads.await("the arena to be closed", () -> allocator.metric().openArenas() == 0);
  }

  @ParameterizedTest
  @MethodSource("everyLoop")
  void memoryOfAConnectionClosedAfterwardsGoesBackOnTheLastRelease(
      Supplier<EventExecutorGroup> make, Checks checks) {
    EventExecutorGroup loop = make.get();
    ConnectionArena arena = allocator(checks).newConnectionArena(loop.next());
    List<ByteBuf> buffers = TestThreads.call(loop.next(), () -> allSizes(arena));
    TestThreads.end(loop);

    arena.close();
    TestThreads.await("the arena to be closed", () -> allocator.metric().openArenas() == 0);

    ByteBuf late = arena.buffer(100);
    Patterns.check(Patterns.fill(late, 9), 9);
    late.release();
    allocator.trim();
    releaseOneByOne(buffers);
  }

  @ParameterizedTest
  @MethodSource("everyLoop")
  void aBufferThatSurvivesItsLoopGrowsAndShrinks(Supplier<EventExecutorGroup> make, Checks checks) {
    EventExecutorGroup loop = make.get();
    ArenaByteBufAllocator shared = allocator(checks);
    ConnectionArena arena = shared.newConnectionArena(loop.next());
    List<ByteBuf> buffers = TestThreads.call(loop.next(), () -> allSizes(shared));
    buffers.addAll(TestThreads.call(loop.next(), () -> allSizes(arena)));
    TestThreads.end(loop);

    for (int i = 0; i < buffers.size(); i++) {
      ByteBuf buffer = buffers.get(i);
      int size = buffer.capacity();
      int seed = i % (buffers.size() / 2);
      Patterns.check(buffer, seed);
      Patterns.check(buffer.capacity(2 * size + 7), seed, size);
      Patterns.check(buffer.capacity(size / 2), seed);
      Patterns.check(buffer.capacity(size / 2 + 100_000), seed, size / 2);
      buffer.release();
    }
    arena.close();
    TestThreads.await("the arena to be closed", () -> shared.metric().openArenas() == 0);
    shared.trim();
    assertThat(used()).isZero();
  }

  @Test
  void anEndedLoopsIdleBlocksReturnAtOnce() {
    EventExecutor loop = new DefaultEventExecutor();
    ArenaByteBufAllocator shared = allocator(Checks.FULL);
    TestThreads.run(loop, () -> allSizes(shared).forEach(ByteBuf::release));
    assertThat(used()).isPositive();
    TestThreads.end(loop);
    assertThat(used()).isZero();
  }

  @Test
  void buffersReleasedWhileTheLoopEndsReturnToo() throws Exception {
    ArenaByteBufAllocator shared = allocator(Checks.OFF);
    for (int round = 0; round < 100; round++) {
      EventExecutor loop = new DefaultEventExecutor();
      List<ByteBuf> buffers = new ArrayList<>();
      TestThreads.run(
          loop,
          () -> {
            for (int i = 0; i < 300; i++) {
              buffers.add(shared.directBuffer(64));
            }
          });
      Thread elsewhere = new Thread(() -> buffers.forEach(ByteBuf::release));
      elsewhere.start();
      TestThreads.end(loop);
      elsewhere.join();
      assertThat(used()).as("round %d", round).isZero();
    }
  }

  @Test
  void anArenaWhoseLoopEndedMayBeReset() {
    EventExecutor loop = new DefaultEventExecutor();
    ConnectionArena arena = allocator(Checks.FULL).newConnectionArena(loop);
    ByteBuf buffer = TestThreads.call(loop, () -> Patterns.fill(arena.buffer(100), 3));
    TestThreads.end(loop);

    arena.reset();
    TestThreads.await("the reset", () -> arena.metric().resets() == 1);

    Patterns.check(buffer, 3);
    assertThat(arena.metric().stragglers()).isEqualTo(1);
    buffer.release();
    arena.close();
  }

  @Test
  void anArenaClosedByManyThreadsAfterItsLoopEndedClosesOnce() throws Exception {
    ArenaByteBufAllocator shared = allocator(Checks.OFF);
    for (int round = 0; round < 50; round++) {
      EventExecutor loop = new DefaultEventExecutor();
      ConnectionArena arena = shared.newConnectionArena(loop);
      TestThreads.run(loop, () -> arena.buffer(100).release());
      TestThreads.end(loop);
      List<Thread> closers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        closers.add(new Thread(arena::close));
      }
      closers.forEach(Thread::start);
      for (Thread closer : closers) {
        closer.join();
      }
      TestThreads.await("the arena to be closed", () -> shared.metric().openArenas() == 0);
      assertThat(arena.metric().resets()).isEqualTo(1);
    }
  }

  // The thread lives on without Netty's thread-locals

  @Test
  void removingFastThreadLocalsOfALivingThreadLosesNothing() {
    EventExecutor loop = new DefaultEventExecutor();
    ArenaByteBufAllocator shared = allocator(Checks.FULL);
    ConnectionArena arena = shared.newConnectionArena(loop);
    TestThreads.run(
        loop,
        () -> {
          List<ByteBuf> ofArena = allSizes(arena);
          List<ByteBuf> ofLoop = allSizes(shared);
          FastThreadLocal.removeAll();

          List<ByteBuf> ofArenaLater = allSizes(arena);
          List<ByteBuf> ofLoopLater = allSizes(shared);
          for (List<ByteBuf> some : List.of(ofArena, ofLoop, ofArenaLater, ofLoopLater)) {
            for (int i = 0; i < some.size(); i++) {
              int size = some.get(i).capacity();
              Patterns.check(some.get(i).capacity(size + 50), i, size);
              some.get(i).release();
            }
          }
          arena.reset();
          assertThat(arena.metric().leasedBlocks()).isZero();
          allSizes(arena).forEach(ByteBuf::release);
          arena.close();
        });
    TestThreads.end(loop);
    shared.trim();
    assertThat(used()).isZero();
  }

  @Test
  void aConnectionOutlivesManyRemovalsOfFastThreadLocals() {
    EventExecutor loop = new DefaultEventExecutor();
    ConnectionArena arena = allocator(Checks.OFF).newConnectionArena(loop);
    TestThreads.run(
        loop,
        () -> {
          for (int i = 0; i < 100; i++) {
            allSizes(arena).forEach(ByteBuf::release);
            FastThreadLocal.removeAll();
            arena.reset();
            assertThat(arena.metric().leasedBlocks()).isZero();
          }
          assertThat(arena.metric().requests()).isEqualTo(100);
          arena.close();
        });
    TestThreads.end(loop);
  }
}
