package dev.tidepool.allocator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** What Netty's allocator suite asserts by its own classes, asserted of ours. */
final class BufferKinds {
  private BufferKinds() {}

  /** Direct and heap buffers are of {@code type}, and what they are called. */
  static void assertGives(ByteBufAllocator allocator, Class<? extends ByteBuf> type) {
    ByteBuf direct = allocator.directBuffer();
    ByteBuf heap = allocator.heapBuffer();
    try {
      assertThat(direct).isInstanceOf(type);
      assertThat(direct.isDirect()).isTrue();
      assertThat(direct.hasArray()).isFalse();
      assertThat(heap).isInstanceOf(type);
      assertThat(heap.isDirect()).isFalse();
      assertThat(heap.hasArray()).isTrue();
    } finally {
      direct.release();
      heap.release();
    }
  }
}
