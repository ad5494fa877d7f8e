package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Gaps are bumped in from the first to the last, and what a buffer passes over is counted. */
class GapsTest {
  private final BlockPool pool =
      Pools.owned(
          Pools.options(ChecksLevel.OFF, Pools.MUCH),
          new Upstream(new UnpooledByteBufAllocator(false)));
  private final Block block = pool.lease(MemoryKind.HEAP, 0, Pools.SMALLEST);
  private final Gaps gaps = new Gaps();

  @AfterEach
  void giveBack() {
    block.moveTo(0, block.capacity);
    pool.giveBack(block);
    pool.close();
  }

  private void expectThree() {
    gaps.expect(4);
    gaps.add(0, 100);
    gaps.add(150, 150);
    gaps.add(200, 400);
    gaps.add(500, 600);
    block.moveTo(0, 0);
  }

  private void assertBumpsIn(int from, int to) {
    assertThat(block.position).isEqualTo(from);
    assertThat(block.limit).isEqualTo(to);
  }

  @Test
  void gapsOpenInAddressOrderAndEmptyOnesAreNone() {
    expectThree();
    assertThat(gaps.open(block, 1)).isTrue();
    assertBumpsIn(0, 100);
    assertThat(gaps.open(block, 1)).isTrue();
    assertBumpsIn(200, 400);
    assertThat(gaps.open(block, 1)).isTrue();
    assertBumpsIn(500, 600);
    assertThat(gaps.open(block, 1)).isFalse();
    assertBumpsIn(500, 600);
  }

  @Test
  void aGapThatFitsToTheByteOpensAndSmallerOnesArePassedOver() {
    expectThree();
    assertThat(gaps.open(block, 200)).isTrue();
    assertBumpsIn(200, 400);
    assertThat(gaps.passedOver()).isEqualTo(100);
    assertThat(gaps.open(block, 101)).as("the last has 100 bytes").isFalse();
    assertBumpsIn(200, 400);
    assertThat(gaps.passedOver()).isEqualTo(100 + 100);
    assertThat(gaps.open(block, 1)).as("what was passed over stays so").isFalse();
  }

  @Test
  void whatIsLeftOfARangeIsPassedOverWithIt() {
    expectThree();
    gaps.open(block, 100);
    block.position += 70;
    gaps.open(block, 100);
    assertThat(gaps.passedOver()).isEqualTo(30);
  }

  @Test
  void onlyGapsStillToComeAreReachedInto() {
    expectThree();
    assertThat(gaps.reachInto(99, 100)).isTrue();
    assertThat(gaps.reachInto(100, 200)).isFalse();
    assertThat(gaps.reachInto(399, 500)).isTrue();
    assertThat(gaps.reachInto(150, 201)).isTrue();
    assertThat(gaps.reachInto(600, 700)).isFalse();
    gaps.open(block, 1);
    assertThat(gaps.reachInto(0, 100)).isFalse();
    assertThat(gaps.reachInto(0, 201)).isTrue();
  }

  @Test
  void clearedThereAreNone() {
    expectThree();
    gaps.open(block, 200);
    gaps.clear();
    assertThat(gaps.passedOver()).isZero();
    assertThat(gaps.open(block, 1)).isFalse();
    assertThat(gaps.reachInto(0, Pools.SMALLEST)).isFalse();
  }

  @Test
  void expectingAnewForgetsWhatWas() {
    expectThree();
    gaps.open(block, 200);
    gaps.expect(1);
    assertThat(gaps.passedOver()).isZero();
    assertThat(gaps.open(block, 1)).isFalse();
    gaps.add(700, 800);
    assertThat(gaps.open(block, 100)).isTrue();
    assertBumpsIn(700, 800);
  }

  @Test
  void asManyAreHeldAsAreExpected() {
    for (int most = 1; most < 100; most++) {
      gaps.expect(most);
      for (int i = 0; i < most; i++) {
        gaps.add(10 * i, 10 * i + 5);
      }
      for (int i = 0; i < most; i++) {
        assertThat(gaps.open(block, 5)).isTrue();
        assertBumpsIn(10 * i, 10 * i + 5);
      }
      assertThat(gaps.open(block, 5)).isFalse();
    }
  }
}
