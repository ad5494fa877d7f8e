package dev.tidepool.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** The queue holds back who is ahead, loses nothing and releases each buffer once. */
final class SpscQueueTest {
  @Test
  void takesBatchesUntilItIsFull() {
    SpscQueue queue = new SpscQueue(4);
    ByteBuf[] first = batch();
    ByteBuf[] second = batch();
    assertThat(queue.offer(first)).isTrue();
    assertThat(queue.offer(second)).isTrue();
    assertThat(queue.offer(batch())).isFalse();
    assertThat(queue.releaseAll()).isEqualTo(4);
    assertThat(first).allMatch(buffer -> buffer.refCnt() == 0);
    assertThat(second).allMatch(buffer -> buffer.refCnt() == 0);
    assertThat(queue.releaseAll()).isZero();
    assertThat(queue.offer(batch())).isTrue();
  }

  private static ByteBuf[] batch() {
    return new ByteBuf[] {Unpooled.buffer(1), Unpooled.buffer(1)};
  }
}
