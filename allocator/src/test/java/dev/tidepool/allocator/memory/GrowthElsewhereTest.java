package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.CapturedLog;
import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where the bytes of a buffer are after it changed its length on a thread without the block. */
class GrowthElsewhereTest {
  private static final int BYTES = 100;

  @RegisterExtension final CapturedLog log = new CapturedLog();

  private final Upstream upstream = new Upstream(new UnpooledByteBufAllocator(false));
  private final List<Arena> arenas = new ArrayList<>();

  @AfterEach
  void nothingIsHeld() {
    for (Arena arena : arenas) {
      BlockPool pool = arena.pool();
      pool.ownership()
          .run(
              () -> {
                arena.reset();
                InvariantChecker.check(pool);
              });
      pool.close();
    }
    assertThat(upstream.heldHeap()).isZero();
  }

  private Arena arenaOf(BlockPool pool, Pools.Host host) {
    Arena arena = new Arena(pool, MemoryKind.HEAP, host);
    arenas.add(arena);
    return arena;
  }

  /** Has the backing of what is detached in a lane of its own. */
  private Pools.Host host(ChecksLevel checks) {
    Arena elsewhere =
        arenaOf(Pools.lane(Pools.options(checks, Pools.MUCH), upstream), new Pools.Host());
    return new Pools.Host() {
      @Override
      public ArenaByteBuf allocateElsewhere(Arena arena, int length) {
        elsewhere.pool().ownership().lock().lock();
        try {
          return elsewhere.allocateOwned(length, Integer.MAX_VALUE);
        } finally {
          elsewhere.pool().ownership().lock().unlock();
        }
      }
    };
  }

  private Arena ownArena(ChecksLevel checks) {
    return arenaOf(Pools.owned(Pools.options(checks, Pools.MUCH), upstream), host(checks));
  }

  private Arena laneArena(ChecksLevel checks) {
    return arenaOf(Pools.lane(Pools.options(checks, Pools.MUCH), upstream), host(checks));
  }

  private static ArenaByteBuf allocate(Arena arena) {
    ArenaByteBuf[] buffer = new ArenaByteBuf[1];
    arena.pool().ownership().run(() -> buffer[0] = arena.allocateOwned(BYTES, Integer.MAX_VALUE));
    for (int i = 0; i < BYTES; i++) {
      buffer[0].setByte(i, i);
    }
    return buffer[0];
  }

  private static void elsewhere(Runnable body) {
    CompletableFuture.runAsync(body, task -> new Thread(task, "other").start()).join();
  }

  private static void assertBytes(ArenaByteBuf buffer, int bytes) {
    for (int i = 0; i < bytes; i++) {
      assertThat(buffer.getByte(i)).isEqualTo((byte) i);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withinItsRangeItStaysWhereItIs(ChecksLevel checks) {
    ArenaByteBuf buffer = allocate(ownArena(checks));
    int reserved = buffer.reserved;
    elsewhere(() -> buffer.capacity(reserved));
    assertThat(buffer.isDetached()).isFalse();
    assertThat(buffer.capacity()).isEqualTo(reserved);
    assertBytes(buffer, BYTES);
    buffer.release();
  }

  @ParameterizedTest
  @EnumSource
  void beyondItsRangeItIsDetached(ChecksLevel checks) {
    ArenaByteBuf buffer = allocate(ownArena(checks));
    int reserved = buffer.reserved;
    elsewhere(() -> buffer.capacity(reserved + 1));
    assertThat(buffer.isDetached()).isTrue();
    assertThat(buffer.capacity()).isEqualTo(reserved + 1);
    assertBytes(buffer, BYTES);
    buffer.release();
  }

  @ParameterizedTest
  @EnumSource
  void inALaneItGrowsUnderTheLockAndStays(ChecksLevel checks) {
    Arena arena = laneArena(checks);
    ArenaByteBuf buffer = allocate(arena);
    buffer.capacity(10 * BYTES);
    assertThat(buffer.isDetached()).isFalse();
    assertThat(arena.pool().ownership().lock().isLocked()).isFalse();
    assertThat(buffer.capacity()).isEqualTo(10 * BYTES);
    assertBytes(buffer, BYTES);
    buffer.release();
  }

  @ParameterizedTest
  @EnumSource
  void inALaneWhoseArenaIsClosedItIsDetached(ChecksLevel checks) {
    Arena arena = laneArena(checks);
    ArenaByteBuf buffer = allocate(arena);
    arena.pool().ownership().run(arena::close);
    buffer.capacity(10 * BYTES);
    assertThat(buffer.isDetached()).isTrue();
    assertThat(arena.pool().ownership().lock().isLocked()).isFalse();
    assertThat(buffer.capacity()).isEqualTo(10 * BYTES);
    assertBytes(buffer, BYTES);
    buffer.release();
  }

  /** With full checks what lies between the buffer's end and its range's is guarded. */
  @ParameterizedTest
  @EnumSource
  void aBufferThatShrankElsewhereIsGuardedFromItsNewEnd(ChecksLevel checks) {
    ArenaByteBuf buffer = allocate(ownArena(checks));
    elsewhere(() -> buffer.capacity(BYTES / 2));
    assertThat(buffer.isDetached()).isFalse();
    assertBytes(buffer, BYTES / 2);
    boolean guarded = buffer.array()[buffer.arrayOffset() + BYTES / 2] == FullChecks.GUARD;
    assertThat(guarded).isEqualTo(checks == ChecksLevel.FULL);
    buffer.release();
  }

  @Test
  void aWritePastItsEndIsFoundBeforeItsLengthChanges() {
    ArenaByteBuf buffer = allocate(ownArena(ChecksLevel.FULL));
    buffer.array()[buffer.arrayOffset() + BYTES] = 1;
    assertThat(log.lines("WRITTEN PAST ITS END")).isEmpty();
    elsewhere(() -> buffer.capacity(BYTES / 2));
    assertThat(log.lines("WRITTEN PAST ITS END")).hasSize(1);
    buffer.release();
    assertThat(log.lines("WRITTEN PAST ITS END")).as("made good").hasSize(1);
  }
}
