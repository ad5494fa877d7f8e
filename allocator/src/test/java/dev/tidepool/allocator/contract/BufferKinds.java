package dev.tidepool.allocator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** The assertions of Netty's allocator suite about its buffer classes, for arena buffers. */
final class BufferKinds {
  private BufferKinds() {}

  /** Asserts that direct and heap buffers are of {@code type} and of their kind. */
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
