package dev.tidepool.allocator.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.Checks;
import dev.tidepool.allocator.ConnectionArena;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An event loop ends while other threads read, extend and release its buffers, and while its
 * connection is closed. In many rounds, since each has only one end.
 */
class EndOfLoopTest {
  private static final long SEED = Long.getLong("tidepool.seed", 20_26);
  private static final int ROUNDS = Integer.getInteger("tidepool.concurrent.rounds", 100);
  private static final int THREADS = 3;
  private static final int PARCELS = 60;

  private final UnpooledByteBufAllocator upstream = new UnpooledByteBufAllocator(false);
  private final ExecutorService others = Executors.newFixedThreadPool(THREADS);

  @AfterEach
  void end() {
    others.shutdown();
  }

  @ParameterizedTest
  @EnumSource
  void buffersOfAnEndedLoopStayValidAndReturnWithTheLastRelease(Checks checks) {
    ArenaByteBufAllocator allocator =
        ArenaByteBufAllocator.builder()
            .upstream(upstream)
            .minBlockSize(1024)
            .maxBlockSize(4096)
            .trimInterval(Duration.ZERO)
            .leakGrace(Duration.ofHours(1))
            .checks(checks)
            .build();
    for (int round = 0; round < ROUNDS; round++) {
      try {
        round(allocator, new SplittableRandom(SEED + round));
      } catch (Throwable e) {
        throw new AssertionError("-Dtidepool.seed=" + (SEED + round), e);
      }
    }
  }

  private void round(ArenaByteBufAllocator allocator, SplittableRandom random) throws Exception {
    EventExecutor loop = new DefaultEventExecutor();
    ConnectionArena arena = allocator.newConnectionArena(loop);
    List<Parcel> parcels = loop.submit(() -> parcels(allocator, arena, random)).get();
    Future<?> end = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    List<java.util.concurrent.Future<?>> parts = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      List<Parcel> part = parcels.subList(i * PARCELS / THREADS, (i + 1) * PARCELS / THREADS);
      boolean closes = random.nextInt(THREADS) == i;
      SplittableRandom ofThread = random.split();
      parts.add(others.submit(() -> use(part, ofThread, closes ? arena : null)));
    }
    for (java.util.concurrent.Future<?> part : parts) {
      part.get();
    }
    end.sync();
    allocator.trim();
    assertThat(upstream.metric().usedDirectMemory()).isZero();
    assertThat(upstream.metric().usedHeapMemory()).isZero();
  }

  private static List<Parcel> parcels(
      ArenaByteBufAllocator allocator, ConnectionArena arena, SplittableRandom random) {
    List<Parcel> parcels = new ArrayList<>();
    for (int number = 0; number < PARCELS; number++) {
      int capacity = random.nextInt(400);
      ByteBuf buffer =
          random.nextBoolean() ? arena.directBuffer(capacity) : allocator.heapBuffer(capacity);
      Pattern.write(buffer, number, capacity);
      parcels.add(new Parcel(buffer, number, false));
    }
    return parcels;
  }

  private static void use(List<Parcel> parcels, SplittableRandom random, ConnectionArena closing) {
    for (Parcel parcel : parcels) {
      parcel.verify();
      if (random.nextBoolean()) {
        Pattern.write(parcel.buffer(), parcel.number(), random.nextInt(600));
        parcel.verify();
      }
      parcel.buffer().release();
      if (closing != null && random.nextInt(PARCELS / THREADS) == 0) {
        closing.close();
      }
    }
    if (closing != null) {
      closing.close();
    }
  }
}
