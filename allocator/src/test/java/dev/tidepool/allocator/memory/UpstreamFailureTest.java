package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.CapturedLog;
import dev.tidepool.allocator.FaultyUpstream;
import dev.tidepool.allocator.Patterns;
import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstream has no more memory: an error says so, and every structure stays as it was. */
class UpstreamFailureTest {
  private static final int SMALL = Pools.SMALLEST;

  @RegisterExtension final CapturedLog log = new CapturedLog();

  private final FaultyUpstream memory = new FaultyUpstream();
  private final Upstream upstream = new Upstream(memory);
  private final BlockPool pool =
      Pools.owned(Pools.options(ChecksLevel.LIGHT, Pools.MUCH), upstream);
  private final Pools.Host host = new Pools.Host();
  private final List<ByteBuf> alive = new ArrayList<>();

  @AfterEach
  void everythingGoesBack() {
    InvariantChecker.check(pool);
    alive.forEach(ByteBuf::release);
    pool.close();
    assertThat(memory.used()).isZero();
    assertThat(host.charged()).isZero();
  }

  /** For allocations that must not fail: JUnit itself stops on an OutOfMemoryError. */
  private static ByteBuf allocate(Arena arena, int bytes, int maxCapacity) {
    try {
      return arena.allocate(bytes, maxCapacity);
    } catch (OutOfMemoryError e) {
      throw new AssertionError("should have found memory", e);
    }
  }

  private ByteBuf keep(ByteBuf buffer) {
    alive.add(buffer);
    return Patterns.fill(buffer, alive.size());
  }

  private void checkContents() {
    for (int i = 0; i < alive.size(); i++) {
      Patterns.check(alive.get(i), i + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, SMALL, 20_000, 200_000, Pools.LARGEST, Pools.LARGEST + 1})
  void aFailedAllocationLeavesEverythingAsItWas(int bytes) {
    Arena arena = new Arena(pool, MemoryKind.DIRECT, host);
    keep(allocate(arena, SMALL / 2 - 100, SMALL));
    keep(allocate(arena, SMALL / 2 + 1, SMALL)); // a second block, full with one buffer
    keep(allocate(arena, SMALL, SMALL));
    long held = arena.heldBytes();
    int blocks = arena.heldBlocks();
    memory.limit(memory.used());

    assertThatThrownBy(() -> arena.allocate(Math.max(bytes, SMALL + 1), Integer.MAX_VALUE))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessageMatching("upstream has no more memory: asked for \\d+ bytes \\(DIRECT\\)");
    assertThat(log.lines("held: " + memory.used() + " direct, 0 heap; it said: ")).hasSize(1);

    assertThat(arena.heldBytes()).isEqualTo(held);
    assertThat(arena.heldBlocks()).isEqualTo(blocks);
    assertThat(host.charged()).isEqualTo(held);
    assertThat(pool.leasedBytes()).isEqualTo(held);
    assertThat(upstream.heldDirect()).isEqualTo(memory.used());
    InvariantChecker.check(pool);
    InvariantChecker.check(arena);
    checkContents();

    memory.limit(Long.MAX_VALUE);
    keep(allocate(arena, bytes, Integer.MAX_VALUE));
    checkContents();
  }

  @ParameterizedTest
  @EnumSource
  void theFirstAllocationOfAllMayFail(MemoryKind kind) {
    Arena arena = new Arena(pool, kind, host);
    memory.failNext(2);
    assertThatThrownBy(() -> arena.allocate(10, 10))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessageEndingWith("asked for " + SMALL + " bytes (" + kind + ')');
    assertThat(log.lines("held: 0 direct, 0 heap; it said: ")).hasSize(1);
    assertThat(arena.heldBlocks()).isZero();
    memory.failNext(0);
    keep(allocate(arena, 10, 10));
  }

  @ParameterizedTest
  @EnumSource
  void growthThatFailsLeavesTheBufferAsItWas(MemoryKind kind) {
    Arena arena = new Arena(pool, kind, host);
    ByteBuf buffer = keep(allocate(arena, 100, Integer.MAX_VALUE));
    keep(allocate(arena, 100, 100));
    memory.limit(memory.used());

    assertThatThrownBy(() -> buffer.capacity(100_000)).isInstanceOf(OutOfMemoryError.class);

    assertThat(buffer.capacity()).isEqualTo(100);
    InvariantChecker.check(pool);
    checkContents();
    memory.limit(Long.MAX_VALUE);
    assertThat(buffer.capacity(100_000).capacity()).isEqualTo(100_000);
    Patterns.check(buffer, 1, 100);
    buffer.capacity(100);
  }

  @ParameterizedTest
  @EnumSource
  void idleBlocksAreGivenBackAndTheCallRetriedFirst(MemoryKind kind) {
    Arena arena = new Arena(pool, kind, host);
    arena.allocate(SMALL, SMALL).release();
    arena.reset();
    assertThat(pool.pooledBytes()).isEqualTo(SMALL);
    memory.limit(4 * SMALL);
    int asked = memory.asked();

    keep(allocate(arena, 4 * SMALL, 4 * SMALL));

    assertThat(memory.asked() - asked).isEqualTo(2);
    assertThat(memory.used()).isEqualTo(4 * SMALL);
    assertThat(pool.pooledBytes()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyBlockOfAnyArenaIsGivenBackFirstToo(MemoryKind kind) {
    Arena other = new Arena(pool, kind, host);
    other.allocate(SMALL, SMALL).release(); // not reset: the block waits there, empty
    Arena arena = new Arena(pool, kind, host);
    memory.limit(4 * SMALL);

    keep(allocate(arena, 3 * SMALL + 1, 4 * SMALL));

    assertThat(other.heldBlocks()).isZero();
    InvariantChecker.check(other);
  }

  @ParameterizedTest
  @EnumSource
  void anArenasOwnEmptyBlockMakesRoomForALargerOne(MemoryKind kind) {
    Arena arena = new Arena(pool, kind, host);
    arena.allocate(100, 100).release();
    memory.limit(2 * SMALL);

    keep(allocate(arena, 2 * SMALL, 2 * SMALL));

    assertThat(arena.heldBytes()).isEqualTo(2 * SMALL);
    InvariantChecker.check(arena);
    memory.limit(Long.MAX_VALUE);
    keep(allocate(arena, 100, 100));
  }

  @ParameterizedTest
  @EnumSource
  void anErrorThatIsNotAboutMemoryLeavesEverythingAsItWasToo(MemoryKind kind) {
    Arena arena = new Arena(pool, kind, host);
    host.refuse(new IllegalStateException("refused"));
    assertThatThrownBy(() -> arena.allocate(1, 1)).hasMessage("refused");
    assertThat(arena.heldBlocks()).isZero();
    host.refuse(null);
    keep(allocate(arena, 1, 1));
  }

  @ParameterizedTest
  @EnumSource
  void aDefectOfUpstreamIsThrownAndNotMistakenForALackOfMemory(MemoryKind kind) {
    Arena arena = new Arena(pool, kind, host);
    arena.allocate(4 * SMALL, 4 * SMALL).release();
    arena.reset();
    pool.trimAll();
    int asked = memory.asked();
    memory.throwNext(new IllegalStateException("defect"));

    assertThatThrownBy(() -> arena.allocate(1, 1)).hasMessage("defect");

    assertThat(memory.asked() - asked).as("asked for the predicted block only").isEqualTo(1);
    assertThat(arena.heldBlocks()).isZero();
    assertThat(host.charged()).isZero();
    keep(allocate(arena, 1, 1));
  }
}
