package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A queue, from any place of which a block may leave. */
class BlockListTest {
  private final BlockPool pool =
      Pools.owned(
          Pools.options(ChecksLevel.OFF, Pools.MUCH),
          new Upstream(new UnpooledByteBufAllocator(false)));
  private final List<Block> blocks = new ArrayList<>();
  private BlockList list = BlockList.NONE;

  @AfterEach
  void giveBack() {
    blocks.forEach(pool::giveBack);
    pool.close();
  }

  private void addFour() {
    for (int i = 0; i < 4; i++) {
      Block block = pool.lease(MemoryKind.HEAP, 0, Pools.SMALLEST);
      blocks.add(block);
      list = list.with(block);
    }
  }

  private List<Block> found() {
    List<Block> found = new ArrayList<>();
    list.forEach(found::add);
    return found;
  }

  private void remove(int... order) {
    List<Block> left = new ArrayList<>(blocks);
    for (int i : order) {
      list.remove(blocks.get(i));
      left.remove(blocks.get(i));
      assertThat(found()).isEqualTo(left);
      assertThat(list.size()).isEqualTo(left.size());
      assertThat(list.first()).isSameAs(left.isEmpty() ? null : left.get(0));
    }
    for (Block block : blocks) {
      list.with(block);
    }
    assertThat(found()).as("added anew").isEqualTo(blocks);
    for (Block block : blocks) {
      list.remove(block);
    }
  }

  @Test
  void theListThatStandsForNoneStaysEmpty() {
    addFour();
    assertThat(list).isNotSameAs(BlockList.NONE);
    assertThat(BlockList.NONE.size()).isZero();
    assertThat(BlockList.NONE.first()).isNull();
    assertThat(found()).isEqualTo(blocks);
  }

  @Test
  void blocksLeaveFromTheFront() {
    addFour();
    remove(0, 1, 2, 3);
  }

  @Test
  void blocksLeaveFromTheBack() {
    addFour();
    remove(3, 2, 1, 0);
  }

  @Test
  void blocksLeaveFromTheMiddle() {
    addFour();
    remove(1, 2, 0, 3);
  }

  @Test
  void theOldestBecomesTheLast() {
    addFour();
    list.moveToLast(blocks.get(0));
    assertThat(found()).containsExactly(blocks.get(1), blocks.get(2), blocks.get(3), blocks.get(0));
    list.moveToLast(blocks.get(0));
    assertThat(found()).endsWith(blocks.get(0));
    assertThat(list.size()).isEqualTo(4);
  }

  @Test
  void theActionMayRemoveTheBlockItIsGiven() {
    addFour();
    List<Block> seen = new ArrayList<>();
    list.forEach(
        block -> {
          seen.add(block);
          list.remove(block);
        });
    assertThat(seen).isEqualTo(blocks);
    assertThat(list.size()).isZero();
    assertThat(list.first()).isNull();
  }
}
