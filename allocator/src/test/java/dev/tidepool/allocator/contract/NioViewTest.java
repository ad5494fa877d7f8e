package dev.tidepool.allocator.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** NIO views and arrays show a buffer's bytes, and no others. */
class NioViewTest extends BufferContract {
  NioViewTest(BufferSource source) {
    super(source);
  }

  @Test
  void aViewIsTheRangeAskedFor() {
    ByteBuf buffer = bufferOf(pattern(1, 100));
    ByteBuffer view = buffer.nioBuffer(10, 30);
    assertThat(view.remaining()).isEqualTo(30);
    assertThat(view.isDirect()).isEqualTo(source.isDirect());
    assertThat(view.isReadOnly()).isFalse();
    for (int i = 0; i < 30; i++) {
      assertThat(view.get()).isEqualTo(buffer.getByte(10 + i));
    }
    releaseAll(buffer);
  }

  @Test
  @SuppressWarnings("deprecation") // order() is what the test asks about
  void aViewHasTheBuffersOrder() {
    ByteBuf buffer = buffer(8).setLong(0, 0x0102030405060708L);
    assertThat(buffer.nioBuffer(0, 8).order()).isEqualTo(buffer.order());
    assertThat(buffer.nioBuffer(0, 8).getLong()).isEqualTo(0x0102030405060708L);
    releaseAll(buffer);
  }

  @Test
  void bufferAndViewSeeEachOthersWrites() {
    ByteBuf buffer = buffer(10).setZero(0, 10);
    ByteBuffer view = buffer.nioBuffer(2, 6);
    view.put(0, (byte) 1).put(5, (byte) 2);
    assertThat(buffer.getByte(2)).isEqualTo((byte) 1);
    assertThat(buffer.getByte(7)).isEqualTo((byte) 2);
    buffer.setByte(3, 3);
    assertThat(view.get(1)).isEqualTo((byte) 3);
    releaseAll(buffer);
  }

  @Test
  void viewsMoveIndependently() {
    ByteBuf buffer = bufferOf(pattern(2, 20));
    ByteBuffer one = buffer.nioBuffer(0, 20);
    ByteBuffer two = buffer.nioBuffer(0, 20);
    one.position(7).limit(9);
    assertThat(two.remaining()).isEqualTo(20);
    assertThat(buffer.readableBytes()).isEqualTo(20);
    assertThat(buffer.internalNioBuffer(5, 10).remaining()).isEqualTo(10);
    assertThat(two.remaining()).isEqualTo(20);
    releaseAll(buffer);
  }

  @Test
  void theInternalViewIsTheRangeAskedForEachTime() {
    ByteBuf buffer = bufferOf(pattern(3, 64));
    for (int length = 0; length <= 64; length += 16) {
      ByteBuffer view = buffer.internalNioBuffer(64 - length, length);
      assertThat(view.remaining()).isEqualTo(length);
      for (int i = 64 - length; i < 64; i++) {
        assertThat(view.get()).isEqualTo(buffer.getByte(i));
      }
    }
    releaseAll(buffer);
  }

  @Test
  void theInternalViewFollowsGrowth() {
    ByteBuf buffer = bufferOf(pattern(4, 16));
    ByteBuf next = buffer(16);
    assertThat(buffer.internalNioBuffer(0, 16).remaining()).isEqualTo(16);
    buffer.capacity(100_000).setByte(99_999, 42);
    ByteBuffer view = buffer.internalNioBuffer(0, 100_000);
    assertThat(view.get(view.position())).isEqualTo(buffer.getByte(0));
    assertThat(view.get(view.limit() - 1)).isEqualTo((byte) 42);
    releaseAll(buffer, next);
  }

  @Test
  void thereIsOneViewOfOnePiece() {
    ByteBuf buffer = bufferOf(pattern(5, 16));
    assertThat(buffer.isContiguous()).isTrue();
    assertThat(buffer.nioBufferCount()).isEqualTo(1);
    assertThat(buffer.nioBuffers()).containsExactly(buffer.nioBuffer());
    releaseAll(buffer);
  }

  @Test
  void aViewBeyondTheBufferIsRefused() {
    ByteBuf buffer = buffer(10);
    assertThat(buffer.nioBuffer(10, 0).hasRemaining()).isFalse();
    int[][] ranges = {{0, 11}, {10, 1}, {-1, 2}, {5, Integer.MAX_VALUE}};
    for (int[] range : ranges) {
      assertOutOfBounds(() -> buffer.nioBuffer(range[0], range[1]));
      assertOutOfBounds(() -> buffer.internalNioBuffer(range[0], range[1]));
      assertOutOfBounds(() -> buffer.nioBuffers(range[0], range[1]));
    }
    releaseAll(buffer);
  }

  private static void assertOutOfBounds(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void anArrayIfThereIsOneHoldsTheBytes() {
    byte[] bytes = pattern(6, 40);
    ByteBuf buffer = bufferOf(bytes);
    assertThat(buffer.hasArray()).isEqualTo(!source.isDirect());
    if (buffer.hasArray()) {
      assertThat(buffer.array()).containsSequence(bytes);
      assertThat(buffer.array()[buffer.arrayOffset() + 7]).isEqualTo(bytes[7]);
    } else {
      assertThatThrownBy(buffer::array).isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(buffer::arrayOffset).isInstanceOf(UnsupportedOperationException.class);
    }
    releaseAll(buffer);
  }

  @Test
  void aReadOnlyBufferGivesReadOnlyViews() {
    ByteBuf buffer = bufferOf(pattern(7, 40));
    ByteBuf readOnly = buffer.asReadOnly();
    assertThat(readOnly.nioBuffer().isReadOnly()).isTrue();
    assertThat(readOnly.hasArray()).isFalse();
    releaseAll(buffer);
  }

  @Test
  void aViewIsTheSameOnAnotherThread() {
    byte[] bytes = pattern(8, 1000);
    ByteBuf buffer = bufferOf(bytes);
    inParallel(
        4,
        thread -> {
          for (int i = 0; i < 100; i++) {
            ByteBuffer view = buffer.nioBuffer(thread, 1000 - thread);
            assertThat(view.get(0)).isEqualTo(bytes[thread]);
            assertThat(view.get(999 - thread)).isEqualTo(bytes[999]);
          }
        });
    releaseAll(buffer);
  }
}
