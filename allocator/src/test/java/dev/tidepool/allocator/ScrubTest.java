package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The effect of {@code scrub}: no byte that one connection wrote is in any block leased afterwards.
 */
class ScrubTest {
  private static final int SECRET = 0x5a;
  private static final int LARGEST = 64 * 1024;

  private final EventExecutor loop = new DefaultEventExecutor();
  private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false);
  private final List<ByteBuf> lent = new ArrayList<>();
  private final List<ArenaByteBufAllocator> allocators = new ArrayList<>();

  @AfterEach
  void allMemoryIsBackUpstream() {
    TestThreads.end(loop);
    allocators.forEach(ArenaByteBufAllocator::trim);
    assertThat(memory.metric().usedDirectMemory()).isZero();
    assertThat(memory.metric().usedHeapMemory()).isZero();
  }

  private ArenaByteBufAllocator allocator(Checks checks, boolean scrub) {
    ArenaByteBufAllocator allocator =
        ArenaByteBufAllocator.builder()
            .upstream(new Zeroed())
            .minBlockSize(1024)
            .maxBlockSize(LARGEST)
            .trimInterval(Duration.ZERO)
            .scrub(scrub)
            .checks(checks)
            .build();
    allocators.add(allocator);
    return allocator;
  }

  // Uses of secrets

  private interface Secretive {
    void request(ConnectionArena arena, boolean direct);
  }

  private enum Way implements Secretive {
    RELEASED {
      @Override
      public void request(ConnectionArena arena, boolean direct) {
        for (int size : new int[] {1, 100, 1024, 5000, 20_000, 40_000, LARGEST, 200_000}) {
          secret(buffer(arena, direct, size)).release();
        }
      }
    },
    ALIVE_TOGETHER_THEN_RELEASED_IN_ANY_ORDER {
      @Override
      public void request(ConnectionArena arena, boolean direct) {
        List<ByteBuf> buffers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          buffers.add(secret(buffer(arena, direct, i * 13)));
        }
        for (int i = 0; i < 100; i++) {
          buffers.get(i * 37 % 100).release();
        }
      }
    },
    BEYOND_THE_WRITER_INDEX {
      @Override
      public void request(ConnectionArena arena, boolean direct) {
        secret(buffer(arena, direct, 900)).setIndex(0, 1).release();
      }
    },
    GROWN_IN_PLACE_AND_TRIMMED {
      @Override
      public void request(ConnectionArena arena, boolean direct) {
        ByteBuf buffer = buffer(arena, direct, 10);
        secret(buffer.capacity(800));
        buffer.capacity(5).release();
        ByteBuf received = secret(buffer(arena, direct, 60_000));
        received.capacity(3);
        received.release();
      }
    },
    GROWN_BY_MOVING {
      @Override
      public void request(ConnectionArena arena, boolean direct) {
        ByteBuf buffer = secret(buffer(arena, direct, 100));
        ByteBuf between = secret(buffer(arena, direct, 100));
        secret(buffer.capacity(3000));
        secret(buffer.capacity(30_000));
        between.release();
        buffer.release();
      }
    },
    SWEPT {
      @Override
      public void request(ConnectionArena arena, boolean direct) {
        List<ByteBuf> buffers = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
          buffers.add(secret(buffer(arena, direct, 100)));
          if (i % 3 != 0) {
            buffers.remove(buffers.size() * 7 % 11 % buffers.size()).release();
          }
        }
        buffers.forEach(ByteBuf::release);
      }
    },
    RELEASED_ELSEWHERE {
      @Override
      public void request(ConnectionArena arena, boolean direct) {
        ByteBuf buffer = secret(buffer(arena, direct, 500));
        ByteBuf large = secret(buffer(arena, direct, 50_000));
        CompletableFuture.runAsync(
                () -> {
                  buffer.release();
                  large.release();
                })
            .join();
      }
    },
    STRAGGLING {
      @Override
      public void request(ConnectionArena arena, boolean direct) {
        ByteBuf buffer = secret(buffer(arena, direct, 500));
        arena.reset();
        secret(buffer(arena, direct, 300)).release();
        buffer.release();
      }
    };

    static ByteBuf buffer(ConnectionArena arena, boolean direct, int size) {
      return direct ? arena.directBuffer(size) : arena.heapBuffer(size);
    }

    static ByteBuf secret(ByteBuf buffer) {
      for (int i = 0; i < buffer.capacity(); i++) {
        buffer.setByte(i, SECRET);
      }
      return buffer.setIndex(0, buffer.capacity());
    }
  }

  // Searches for secrets

  /** Searches each idle block: one connection after another leases one, for one buffer. */
  private long secretsLeft(ArenaByteBufAllocator allocator, boolean direct) {
    List<ConnectionArena> spies = new ArrayList<>();
    List<ByteBuf> found = new ArrayList<>();
    long secrets = 0;
    for (int size = 1024; size <= LARGEST; size += Integer.highestOneBit(size) / 4) {
      long idleBefore;
      do {
        idleBefore = allocator.metric().pooledMemory();
        ConnectionArena spy = allocator.newConnectionArena(loop, "spy");
        ByteBuf next = Way.buffer(spy, direct, size);
        spies.add(spy);
        found.add(next);
        secrets += count(next);
      } while (allocator.metric().pooledMemory() < idleBefore);
    }
    assertThat(allocator.metric().pooledMemory()).as("idle blocks left").isZero();
    found.forEach(ByteBuf::release);
    spies.forEach(ConnectionArena::close);
    return secrets;
  }

  private static long count(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.capacity()];
    buffer.getBytes(0, bytes);
    long secrets = 0;
    for (byte each : bytes) {
      secrets += each == SECRET ? 1 : 0;
    }
    return secrets;
  }

  private long secretsAfter(
      Way way, boolean direct, boolean close, ArenaByteBufAllocator allocator) {
    ConnectionArena secretive = allocator.newConnectionArena(loop, "secretive");
    return TestThreads.call(
        loop,
        () -> {
          way.request(secretive, direct);
          if (close) {
            secretive.close();
          } else {
            secretive.reset();
          }
          assertThat(secretive.metric().leasedBlocks()).isZero();
          long secrets = secretsLeft(allocator, direct);
          secretive.close();
          return secrets;
        });
  }

  static Stream<Arguments> ways() {
    return Arrays.stream(Way.values())
        .flatMap(way -> Stream.of(true, false).map(direct -> Arguments.of(way, direct)));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void anotherConnectionFindsNoSecret(Way way, boolean direct) {
    for (Checks checks : new Checks[] {Checks.OFF, Checks.FULL}) {
      assertThat(secretsAfter(way, direct, false, allocator(checks, true))).isZero();
      assertThat(secretsAfter(way, direct, true, allocator(checks, true))).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void withoutScrubAnotherConnectionFindsASecret(Way way, boolean direct) {
    assertThat(secretsAfter(way, direct, false, allocator(Checks.OFF, false))).isPositive();
  }

  /** Another allocator may build on the same upstream. */
  @ParameterizedTest
  @EnumSource
  void upstreamFindsNoSecret(Way way) {
    ArenaByteBufAllocator allocator =
        ArenaByteBufAllocator.builder()
            .upstream(new Lender())
            .maxRetainedPerLoop(0)
            .scrub(true)
            .build();
    ConnectionArena secretive = allocator.newConnectionArena(loop, "secretive");
    TestThreads.run(
        loop,
        () -> {
          way.request(secretive, true);
          way.request(secretive, false);
          secretive.reset();
          ByteBuf straggler = Way.secret(secretive.directBuffer(300_000));
          ByteBuf small = Way.secret(secretive.heapBuffer(3));
          secretive.close();
          straggler.release();
          small.release();
        });
    lentIsReturnedWithoutSecrets();
  }

  @Test
  void aClosedLoopsMemoryHoldsNoSecret() {
    ArenaByteBufAllocator allocator =
        ArenaByteBufAllocator.builder().upstream(new Lender()).scrub(true).build();
    ConnectionArena secretive = allocator.newConnectionArena(loop, "secretive");
    List<ByteBuf> alive = new ArrayList<>();
    TestThreads.run(
        loop,
        () -> {
          Way.RELEASED.request(secretive, true);
          alive.add(Way.secret(secretive.directBuffer(100)));
          alive.add(Way.secret(secretive.heapBuffer(100_000)));
        });
    TestThreads.end(loop);
    alive.forEach(ByteBuf::release);
    lentIsReturnedWithoutSecrets();
  }

  private void lentIsReturnedWithoutSecrets() {
    assertThat(lent).isNotEmpty();
    for (ByteBuf memoryOfIt : lent) {
      if (memoryOfIt.refCnt() != 1) {
        fail("not returned: " + memoryOfIt);
      }
      assertThat(count(memoryOfIt)).isZero();
      memoryOfIt.release();
    }
  }

  /** An upstream that zeroes: on JDK 25 Netty's memory comes from malloc, not zeroed. */
  private class Zeroed extends AbstractByteBufAllocator {
    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      return memory.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      return memory.directBuffer(initialCapacity, maxCapacity).setZero(0, initialCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
      return false;
    }
  }

  /** An upstream that keeps its memory, to search it after its return. */
  private final class Lender extends Zeroed {
    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      return lend(super.newHeapBuffer(initialCapacity, maxCapacity));
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      return lend(super.newDirectBuffer(initialCapacity, maxCapacity));
    }

    private ByteBuf lend(ByteBuf lending) {
      lent.add(lending);
      return lending.retain();
    }
  }
}
