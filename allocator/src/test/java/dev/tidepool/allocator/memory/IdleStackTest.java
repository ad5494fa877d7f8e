package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.FaultyUpstream;
import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Low-water marks: blocks unused for three quarters of an interval leave, the coldest first. */
class IdleStackTest {
  private final FaultyUpstream memory = new FaultyUpstream();
  private final BlockPool pool =
      Pools.owned(Pools.options(ChecksLevel.OFF, Pools.MUCH), new Upstream(memory));
  private final List<Block> taken = new ArrayList<>();
  private final List<Block> trimmed = new ArrayList<>();
  private final IdleStack stack = new IdleStack();

  @AfterEach
  void giveEverythingBack() {
    taken.forEach(pool::giveBack);
    pool.close();
    assertThat(memory.used()).isZero();
  }

  private Block block() {
    Block block = pool.lease(MemoryKind.HEAP, 0, Pools.SMALLEST);
    taken.add(block);
    return block;
  }

  private List<Block> push(int count) {
    List<Block> pushed = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Block block = block();
      pushed.add(block);
      stack.push(block);
    }
    return pushed;
  }

  private void trim() {
    stack.trimIdle(trimmed::add);
  }

  @Test
  void lastInIsFirstOut() {
    List<Block> blocks = push(10);
    for (int i = 9; i >= 0; i--) {
      assertThat(stack.pop()).isSameAs(blocks.get(i));
    }
    assertThat(stack.pop()).isNull();
    assertThat(stack.size()).isZero();
  }

  @Test
  void nothingLeavesBeforeThreeQuartersOfAnInterval() {
    push(3);
    trim();
    trim();
    trim();
    assertThat(trimmed).isEmpty();
    assertThat(stack.size()).isEqualTo(3);
  }

  @Test
  void whatLayIdleForThreeQuartersLeavesColdestFirst() {
    List<Block> blocks = push(3);
    trim();
    trim();
    trim();
    trim();
    assertThat(trimmed).isEqualTo(blocks);
    assertThat(stack.size()).isZero();
    assertThat(stack.pop()).isNull();
  }

  @Test
  void whatWasUsedStays() {
    List<Block> blocks = push(5);
    trim();
    Block hottest = stack.pop();
    Block second = stack.pop();
    stack.push(second);
    stack.push(hottest);
    trim();
    trim();
    trim();

    assertThat(trimmed).isEqualTo(blocks.subList(0, 3));
    assertThat(stack.size()).isEqualTo(2);
    assertThat(stack.pop()).isSameAs(hottest);
    assertThat(stack.pop()).isSameAs(second);
  }

  @Test
  void useInEveryIntervalKeepsThemForever() {
    push(2);
    for (int i = 0; i < 20; i++) {
      Block hottest = stack.pop();
      Block second = stack.pop();
      stack.push(second);
      stack.push(hottest);
      trim();
    }
    assertThat(trimmed).isEmpty();
    assertThat(stack.size()).isEqualTo(2);
  }

  @Test
  void useInEveryThirdQuarterKeepsThemToo() {
    push(1);
    for (int i = 0; i < 20; i++) {
      if (i % 3 == 0) {
        stack.push(stack.pop());
      }
      trim();
    }
    assertThat(trimmed).isEmpty();
  }

  @Test
  void anUnevenLoadKeepsAsManyAsItNeeds() {
    List<Block> blocks = push(10);
    for (int i = 0; i < 6; i++) {
      List<Block> inUse = new ArrayList<>();
      for (int n = 0; n < 4; n++) {
        inUse.add(stack.pop());
      }
      for (int n = 3; n >= 0; n--) {
        stack.push(inUse.get(n));
      }
      trim();
    }
    assertThat(trimmed).isEqualTo(blocks.subList(0, 6));
    assertThat(stack.size()).isEqualTo(4);
  }

  @Test
  void theColdestLeavesWithoutMakingTheOthersLookUsed() {
    List<Block> blocks = push(4);
    trim();
    trim();
    assertThat(stack.coldest()).isSameAs(blocks.get(0));
    assertThat(stack.removeColdest()).isSameAs(blocks.get(0));
    assertThat(stack.coldest()).isSameAs(blocks.get(1));
    trim();
    assertThat(trimmed).isEmpty();
    trim();
    assertThat(trimmed).isEqualTo(blocks.subList(1, 4));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void theColdestLeavesWithoutMakingTheOthersLookIdle(int trimsBefore) {
    push(2);
    trim();
    stack.push(stack.pop()); // idle only from here on
    for (int i = 0; i < 3; i++) {
      if (i == trimsBefore) {
        stack.removeColdest();
      }
      trim();
    }
    assertThat(trimmed).isEmpty();
    assertThat(stack.size()).isEqualTo(1);
  }

  @Test
  void theOrderStaysWhenTheRingGoesRoundAndGrows() {
    List<Block> left = new ArrayList<>(push(3));
    for (int i = 0; i < 20; i++) {
      left.addAll(push(2));
      assertThat(stack.removeColdest()).isSameAs(left.remove(0));
    }
    List<Block> found = new ArrayList<>();
    stack.forEach(found::add);
    assertThat(found).isEqualTo(left);
    assertThat(stack.size()).isEqualTo(left.size());
    assertThat(stack.pop()).isSameAs(left.get(left.size() - 1));
  }

  @Test
  void trimAllTakesEverything() {
    List<Block> blocks = push(7);
    stack.trimAll(trimmed::add);
    assertThat(trimmed).containsExactlyInAnyOrderElementsOf(blocks);
    assertThat(stack.size()).isZero();
    push(1);
    trim();
    trim();
    assertThat(trimmed).as("what comes later has its whole interval").hasSize(7);
  }
}
