package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.CapturedLog;
import dev.tidepool.allocator.FaultyUpstream;
import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The cases of the fixed-block pool that {@link BlockPool} grew from: LIFO reuse, and two that its
 * author lists as missing, an error that says what went wrong and a destroy that really frees.
 */
class FixedBlockPoolCasesTest {
  private static final int CLASS = 0;
  private static final int BYTES = Pools.SMALLEST;

  @RegisterExtension final CapturedLog log = new CapturedLog();

  private final FaultyUpstream memory = new FaultyUpstream();
  private final Upstream upstream = new Upstream(memory);
  private final BlockPool pool = Pools.owned(Pools.options(ChecksLevel.OFF, Pools.MUCH), upstream);

  @AfterEach
  void everythingIsGivenBack() {
    InvariantChecker.check(pool);
    pool.close();
    assertThat(memory.used()).isZero();
    assertThat(pool.pooledBytes() + pool.leasedBytes()).isZero();
  }

  private Block take(MemoryKind kind) {
    return pool.lease(kind, CLASS, BYTES);
  }

  private List<Block> takeFour(MemoryKind kind) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      blocks.add(take(kind));
    }
    return blocks;
  }

  @ParameterizedTest
  @EnumSource
  void theBlockFreedLastIsTakenFirst(MemoryKind kind) {
    List<Block> blocks = takeFour(kind);
    Block one = blocks.get(0);
    Block three = blocks.get(2);

    pool.giveBack(one);
    pool.giveBack(three);

    assertThat(take(kind)).isSameAs(three);
    assertThat(take(kind)).isSameAs(one);
    assertThat(upstream.allocations()).isEqualTo(4);
    blocks.forEach(pool::giveBack);
  }

  @ParameterizedTest
  @EnumSource
  void theFreeListIsOfOneKindAndOneSize(MemoryKind kind) {
    pool.giveBack(take(kind));
    Block larger = pool.lease(kind, CLASS + 1, 2 * BYTES);
    Block ofOtherKind = take(kind == MemoryKind.HEAP ? MemoryKind.DIRECT : MemoryKind.HEAP);

    assertThat(upstream.allocations()).isEqualTo(3);
    assertThat(pool.pooledBytes()).isEqualTo(BYTES);
    pool.giveBack(larger);
    pool.giveBack(ofOtherKind);
  }

  @ParameterizedTest
  @EnumSource
  void exhaustionIsAnErrorThatSaysWhy(MemoryKind kind) {
    memory.limit(4 * BYTES);
    List<Block> blocks = takeFour(kind);

    assertThatThrownBy(() -> take(kind))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessage("upstream has no more memory: asked for 8192 bytes (" + kind + ")")
        .hasCauseInstanceOf(OutOfMemoryError.class);
    assertThat(log.text())
        .contains(
            kind == MemoryKind.DIRECT ? "held: 32768 direct, 0 heap" : "held: 0 direct, 32768 heap")
        .contains("no more than 32768 bytes here");

    assertThat(pool.leasedBytes()).isEqualTo(4 * BYTES);
    pool.giveBack(blocks.get(2));
    assertThat(take(kind)).isSameAs(blocks.get(2));
    blocks.forEach(pool::giveBack);
  }

  @ParameterizedTest
  @EnumSource
  void destroyFreesEveryIdleBlock(MemoryKind kind) {
    takeFour(kind).forEach(pool::giveBack);
    assertThat(memory.used()).isEqualTo(4 * BYTES);

    pool.close();

    assertThat(memory.used()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void destroyFreesBlocksInUseOnTheirLastRelease(MemoryKind kind) {
    Arena arena = new Arena(pool, kind, new Pools.Host());
    ByteBuf small = arena.allocate(100, 100);
    ByteBuf sharing = arena.allocate(200, 200);
    ByteBuf large = arena.allocate(Pools.LARGEST, Pools.LARGEST);
    small.setLong(0, 0x0123456789abcdefL);
    sharing.setLong(0, 42);

    pool.close();
    assertThat(memory.used()).isEqualTo(BYTES + Pools.LARGEST);
    InvariantChecker.check(pool);

    large.release();
    assertThat(memory.used()).isEqualTo(BYTES);
    sharing.release();
    assertThat(memory.used()).isEqualTo(BYTES);
    assertThat(small.getLong(0)).isEqualTo(0x0123456789abcdefL);
    small.release();
    assertThat(memory.used()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aBlockGivenBackAfterDestroyIsFreedAtOnce(MemoryKind kind) {
    Block block = take(kind);
    pool.close();
    assertThat(memory.used()).isEqualTo(BYTES);

    pool.ownership().locked(() -> pool.giveBack(block));

    assertThat(memory.used()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void destroyingTwiceIsDestroyingOnce(MemoryKind kind) {
    pool.giveBack(take(kind));
    pool.close();
    pool.close();
    assertThat(memory.used()).isZero();
  }
}
