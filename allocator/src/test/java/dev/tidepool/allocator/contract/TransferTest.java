package dev.tidepool.allocator.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Transfers of bytes between a buffer and everything else that holds bytes. */
class TransferTest extends BufferContract {
  private static final int LENGTH = 300;
  private static final int SPACE = 48;
  private static final byte[] BYTES = pattern(1, LENGTH);

  private final Map<String, IntFunction<ByteBuf>> kinds = new LinkedHashMap<>();

  TransferTest(BufferSource source) {
    super(source);
    kinds.put("its own kind", this::buffer);
    kinds.put("a slice of its own kind", length -> sliceOf(buffer(length + 20), length));
    kinds.put("its own, swapped", length -> swapped(buffer(length)));
    kinds.put("its allocator's other kind", this::otherKind);
    kinds.put("unpooled heap", Unpooled::buffer);
    kinds.put("unpooled direct", Unpooled::directBuffer);
    kinds.put("wrapped array", length -> Unpooled.wrappedBuffer(new byte[length]));
    if (source instanceof ArenaFixture) { // Netty's direct buffers refuse it where Unsafe is gone
      kinds.put("composite", this::composite);
    }
  }

  private ByteBuf otherKind(int length) {
    return source.isDirect()
        ? source.allocator().heapBuffer(length)
        : source.allocator().directBuffer(length);
  }

  private static ByteBuf sliceOf(ByteBuf buffer, int length) {
    return buffer.slice(10, length);
  }

  @SuppressWarnings("deprecation") // order(ByteOrder) is what the kind tests
  private static ByteBuf swapped(ByteBuf buffer) {
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  private CompositeByteBuf composite(int length) {
    int half = length / 2;
    return source
        .allocator()
        .compositeBuffer()
        .addComponent(true, buffer(half).writerIndex(half))
        .addComponent(true, otherKind(length - half).writerIndex(length - half));
  }

  @Test
  void copiesIntoEveryKindOfBuffer() {
    ByteBuf spacer = spacer(buffer(SPACE));
    ByteBuf otherSpacer = spacer(otherKind(SPACE));
    kinds.forEach(
        (name, kind) -> {
          ByteBuf buffer = bufferOf(BYTES);
          ByteBuf target = kind.apply(LENGTH).setIndex(0, 0);
          buffer.getBytes(10, target, 20, 200);
          assertThat(buffer.readerIndex()).as(name).isZero();
          assertThat(target.writerIndex()).as(name).isZero();
          assertBytes(target, 20, Arrays.copyOfRange(BYTES, 10, 210));
          target.setBytes(0, buffer);
          assertThat(buffer.isReadable()).as(name).isFalse();
          assertBytes(target, 0, BYTES);
          releaseAll(buffer, target);
        });
    releaseUntouched(spacer, otherSpacer);
  }

  @Test
  void copiesFromEveryKindOfBuffer() {
    ByteBuf spacer = spacer(buffer(SPACE));
    ByteBuf otherSpacer = spacer(otherKind(SPACE));
    kinds.forEach(
        (name, kind) -> {
          ByteBuf from = kind.apply(LENGTH).setIndex(0, 0).setBytes(0, BYTES);
          ByteBuf buffer = buffer(LENGTH);
          buffer.setBytes(20, from, 10, 200);
          assertThat(from.readerIndex()).as(name).isZero();
          assertBytes(buffer, 20, Arrays.copyOfRange(BYTES, 10, 210));
          buffer.writeBytes(from.writerIndex(LENGTH));
          assertThat(from.isReadable()).as(name).isFalse();
          assertBytes(buffer, 0, BYTES);
          releaseAll(buffer, from);
        });
    releaseUntouched(spacer, otherSpacer);
  }

  /** Lies before the others in their block, so that none of them begins where the memory does. */
  private static ByteBuf spacer(ByteBuf buffer) {
    return buffer.setBytes(0, pattern(9, SPACE));
  }

  private static void releaseUntouched(ByteBuf... spacers) {
    for (ByteBuf spacer : spacers) {
      assertBytes(spacer, 0, pattern(9, SPACE));
      releaseAll(spacer);
    }
  }

  /** Netty's own buffers may read memory that another buffer has by then, or that is free. */
  @Test
  void refusesADeadBuffer() {
    assumeThat(source).isInstanceOf(ArenaFixture.class);
    for (ByteBuf dead : new ByteBuf[] {buffer(LENGTH), otherKind(LENGTH)}) {
      ByteBuf buffer = buffer(LENGTH);
      releaseAll(dead);
      for (int length : new int[] {0, LENGTH}) {
        assertDead(() -> buffer.getBytes(0, dead, 0, length));
        assertDead(() -> buffer.setBytes(0, dead, 0, length));
        assertDead(() -> dead.getBytes(0, buffer, LENGTH + 1, length));
        assertDead(() -> dead.setBytes(0, buffer, LENGTH + 1, length));
      }
      releaseAll(buffer);
    }
  }

  private static void assertDead(ThrowingCallable access) {
    assertThatThrownBy(access).isInstanceOf(IllegalReferenceCountException.class);
  }

  @Test
  void copiesFromAReadOnlyBuffer() {
    ByteBuf from = bufferOf(BYTES).asReadOnly();
    ByteBuf buffer = buffer(LENGTH).setBytes(0, from, 0, LENGTH);
    assertBytes(buffer, 0, BYTES);
    releaseAll(buffer, from);
  }

  @Test
  void copiesWithinItselfAsIfThroughAnotherArray() {
    ByteBuf buffer = bufferOf(BYTES);
    buffer.setBytes(10, buffer, 0, 200);
    byte[] expected = BYTES.clone();
    System.arraycopy(BYTES, 0, expected, 10, 200);
    assertBytes(buffer, 0, expected);
    buffer.setBytes(0, buffer, 30, 200);
    System.arraycopy(expected.clone(), 30, expected, 0, 200);
    assertBytes(buffer, 0, expected);
    releaseAll(buffer);
  }

  @Test
  void copiesToAndFromEveryKindOfNioBuffer() {
    for (ByteBuffer nio : new ByteBuffer[] {ByteBuffer.allocate(LENGTH), direct(), offset()}) {
      ByteBuf buffer = bufferOf(BYTES);
      buffer.readBytes(nio);
      assertThat(nio.hasRemaining()).isFalse();
      ByteBuf back = buffer(LENGTH).writeBytes(nio.flip());
      assertThat(nio.hasRemaining()).isFalse();
      assertBytes(back, 0, BYTES);
      back.setBytes(0, nio.flip().asReadOnlyBuffer());
      assertBytes(back, 0, BYTES);
      releaseAll(buffer, back);
    }
  }

  private static ByteBuffer direct() {
    return ByteBuffer.allocateDirect(LENGTH);
  }

  private static ByteBuffer offset() {
    return ByteBuffer.allocate(LENGTH + 17).position(17).slice();
  }

  @Test
  void readsAStreamToItsEnd() throws IOException {
    byte[] bytes = pattern(2, 50_000);
    InputStream in = new ByteArrayInputStream(bytes);
    ByteBuf buffer = buffer(60_000);
    int total = 0;
    for (int count; (count = buffer.setBytes(total, in, 60_000 - total)) >= 0; ) {
      total += count;
    }
    assertThat(total).isEqualTo(bytes.length);
    assertBytes(buffer, 0, bytes);
    assertThat(buffer.writeBytes(in, 10)).isEqualTo(-1);
    assertThat(buffer.writerIndex()).isZero();
    releaseAll(buffer);
  }

  @Test
  void writesIntoAStream() throws IOException {
    byte[] bytes = pattern(3, 50_000);
    ByteBuf buffer = bufferOf(bytes);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    buffer.getBytes(100, out, 49_000);
    assertThat(out.toByteArray()).isEqualTo(Arrays.copyOfRange(bytes, 100, 49_100));
    buffer.getBytes(0, out, 0);
    assertThat(out.size()).isEqualTo(49_000);
    releaseAll(buffer);
  }

  @Test
  void readsAndWritesChannels() throws IOException {
    ByteBuf buffer = buffer(LENGTH + 10);
    BytesChannel channel = new BytesChannel(BYTES);
    assertThat(buffer.writeBytes(channel, LENGTH + 10)).isEqualTo(LENGTH);
    assertThat(buffer.writeBytes(channel, 10)).isEqualTo(-1);
    assertBytes(buffer, 0, BYTES);
    assertThat(buffer.readBytes(channel, 100)).isEqualTo(100);
    assertThat(buffer.getBytes(100, channel, LENGTH - 100)).isEqualTo(LENGTH - 100);
    assertThat(buffer.readerIndex()).isEqualTo(100);
    assertThat(channel.taken()).isEqualTo(BYTES);
    releaseAll(buffer);
  }
}
