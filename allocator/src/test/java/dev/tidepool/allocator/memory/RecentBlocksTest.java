package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.memory.Block.Place;
import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The clock looks at each recent block once, and no block is listed twice. */
class RecentBlocksTest {
  private final BlockPool pool =
      Pools.owned(
          Pools.options(ChecksLevel.OFF, Pools.MUCH),
          new Upstream(new UnpooledByteBufAllocator(false)));
  private final List<Block> leased = new ArrayList<>();
  private final RecentBlocks recent = new RecentBlocks();

  @AfterEach
  void giveBack() {
    leased.forEach(recent::remove);
    leased.forEach(pool::giveBack);
    pool.close();
  }

  private Block add() {
    Block block = pool.lease(MemoryKind.HEAP, 0, Pools.SMALLEST);
    leased.add(block);
    recent.add(block);
    return block;
  }

  private void assertListed(List<Block> blocks) {
    assertThat(recent.size()).isEqualTo(blocks.size());
    assertThat(recent.isEmpty()).isEqualTo(blocks.isEmpty());
    assertThat(blocks).allMatch(recent::lists);
    for (Block block : leased) {
      assertThat(recent.lists(block)).isEqualTo(blocks.contains(block));
      assertThat(block.recentAt == RecentBlocks.NOT_LISTED).isEqualTo(!blocks.contains(block));
    }
  }

  @Test
  void aBlockIsListedOnce() {
    Block block = add();
    recent.add(block);
    assertListed(List.of(block));
    recent.remove(block);
    assertListed(List.of());
    recent.remove(block);
    assertListed(List.of());
  }

  @Test
  void manyAreListedAndLeaveFromAnyPlace() {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      blocks.add(add());
      assertListed(blocks);
    }
    for (int i : new int[] {49, 0, 20, 20, 0, 44, 10}) {
      recent.remove(blocks.remove(i));
      assertListed(blocks);
    }
  }

  @Test
  void whatIsNoLongerBumpedInIsOnlyTakenOffTheList() {
    for (int i = 0; i < 20; i++) {
      add().place(Place.FULL, null);
    }
    recent.giveBackEmpty();
    assertListed(List.of());
    assertThat(leased).allMatch(block -> block.place == Place.FULL);
    assertListed(List.of());
    Block again = leased.get(0);
    recent.add(again);
    assertListed(List.of(again));
    recent.remove(again);
  }

  @Test
  void anEmptyBlockIsGivenBackAndOneWithABufferIsSeen() {
    Arena arena = new Arena(pool, MemoryKind.HEAP, new Pools.Host());
    ArenaByteBuf alive = arena.allocate(100, 100);
    Block block = alive.block;
    assertThat(block.place).isEqualTo(Place.CURRENT);
    pool.recent.giveBackEmpty();
    assertThat(block.place).isEqualTo(Place.CURRENT_SEEN);
    assertThat(pool.recent.lists(block)).isFalse();
    alive.release();
    assertThat(block.place).as("it told").isEqualTo(Place.CURRENT);
    assertThat(pool.recent.lists(block)).isTrue();
    pool.recent.giveBackEmpty();
    assertThat(block.place).isEqualTo(Place.POOLED);
    assertThat(arena.heldBlocks()).isZero();
  }
}
