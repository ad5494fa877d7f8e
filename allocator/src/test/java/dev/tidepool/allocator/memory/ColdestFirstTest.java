package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.FaultyUpstream;
import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** At maxRetained the block idle longest goes upstream, whatever its class and kind. */
class ColdestFirstTest {
  private static final int SMALL = Pools.SMALLEST;
  private static final int MOST = 4 * SMALL;

  private final FaultyUpstream memory = new FaultyUpstream();
  private final BlockPool pool =
      Pools.owned(Pools.options(ChecksLevel.LIGHT, MOST), new Upstream(memory));

  private final Block direct = lease(MemoryKind.DIRECT, 0);
  private final Block heap = lease(MemoryKind.HEAP, 0);
  private final Block twice = lease(MemoryKind.DIRECT, 1);

  @AfterEach
  void everythingGoesBack() {
    InvariantChecker.check(pool);
    pool.close();
    assertThat(memory.used()).isZero();
  }

  private Block lease(MemoryKind kind, int sizeClass) {
    return pool.lease(kind, sizeClass, SMALL << sizeClass);
  }

  private void giveBack(Block... blocks) {
    for (Block block : blocks) {
      pool.giveBack(block);
      assertThat(pool.pooledBytes()).isBetween(1L, (long) MOST);
    }
  }

  @Test
  void theHottestStaysAndTheColdestGoes() {
    Block other = lease(MemoryKind.HEAP, 1);
    giveBack(direct, heap, twice);
    assertThat(pool.pooledBytes()).isEqualTo(MOST);
    giveBack(other);
    assertThat(direct.place).isEqualTo(Block.Place.RETURNED);
    assertThat(heap.place).isEqualTo(Block.Place.RETURNED);
    assertThat(pool.pooledBytes()).isEqualTo(MOST);
    giveBack(lease(MemoryKind.HEAP, 0));
    assertThat(twice.place).as("the next coldest").isEqualTo(Block.Place.RETURNED);
    assertThat(lease(MemoryKind.HEAP, 1)).isSameAs(other);
    giveBack(other);
  }

  @Test
  void whatIsUsedAgainIsHotAgain() {
    giveBack(direct, heap, twice);
    giveBack(lease(MemoryKind.DIRECT, 0), lease(MemoryKind.HEAP, 1));
    assertThat(direct.place).isEqualTo(Block.Place.POOLED);
    assertThat(heap.place).isEqualTo(Block.Place.RETURNED);
    assertThat(twice.place).isEqualTo(Block.Place.RETURNED);
  }

  @Test
  void whatIsLargerThanMaxRetainedGoesItself() {
    Block larger = lease(MemoryKind.DIRECT, 3);
    giveBack(direct, heap, larger, twice);
    assertThat(larger.place).isEqualTo(Block.Place.RETURNED);
    assertThat(pool.pooledBytes()).isEqualTo(MOST);
  }

  @Test
  void whatIsExactlyMaxRetainedTakesThePlaceOfAll() {
    Block exactly = lease(MemoryKind.HEAP, 2);
    giveBack(direct, heap, twice, exactly);
    assertThat(exactly.place).isEqualTo(Block.Place.POOLED);
    assertThat(pool.pooledBytes()).isEqualTo(MOST);
  }
}
