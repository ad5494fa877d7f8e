package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.IllegalReferenceCountException;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reads and writes at a buffer's indices: each value's bytes, the index behind it, and the ends.
 */
class SequentialAccessTest {
  private static final long PATTERN = 0x8182838485868788L;

  private final Upstream upstream = new Upstream(new UnpooledByteBufAllocator(false));
  private final BlockPool pool = Pools.owned(Pools.options(ChecksLevel.OFF, 0), upstream);
  private final Arena arena = new Arena(pool, MemoryKind.HEAP, new Pools.Host());

  private interface Write {
    void write(ByteBuf buffer, long value);
  }

  /** Of a value its lowest bytes are written, and read as a signed number. */
  private record Access(
      String name, int width, boolean bigEndian, Write write, ToLongFunction<ByteBuf> read) {
    byte byteAt(int index) {
      int shift = bigEndian ? width - 1 - index : index;
      return (byte) (PATTERN >> (Byte.SIZE * shift));
    }

    long value() {
      int unused = Long.SIZE - Byte.SIZE * width;
      return PATTERN << unused >> unused;
    }
  }

  /** Every width, in both byte orders. */
  static Stream<Access> accesses() {
    return Stream.of(
        new Access("byte", 1, true, (b, v) -> b.writeByte((int) v), ByteBuf::readByte),
        new Access("short", 2, true, (b, v) -> b.writeShort((int) v), ByteBuf::readShort),
        new Access("shortLE", 2, false, (b, v) -> b.writeShortLE((int) v), ByteBuf::readShortLE),
        new Access("medium", 3, true, (b, v) -> b.writeMedium((int) v), ByteBuf::readMedium),
        new Access("mediumLE", 3, false, (b, v) -> b.writeMediumLE((int) v), ByteBuf::readMediumLE),
        new Access("int", 4, true, (b, v) -> b.writeInt((int) v), ByteBuf::readInt),
        new Access("intLE", 4, false, (b, v) -> b.writeIntLE((int) v), ByteBuf::readIntLE),
        new Access("long", 8, true, ByteBuf::writeLong, ByteBuf::readLong),
        new Access("longLE", 8, false, ByteBuf::writeLongLE, ByteBuf::readLongLE));
  }

  @AfterEach
  void giveBack() {
    arena.reset();
    pool.trimAll();
    assertThat(upstream.heldHeap()).isZero();
  }

  @ParameterizedTest
  @MethodSource("accesses")
  void aValueIsWrittenAndReadWhereTheIndicesStand(Access access) {
    ByteBuf buffer = arena.allocate(1 + access.width(), 1 + access.width()).writeByte(1);
    access.write().write(buffer, PATTERN);
    assertThat(buffer.writerIndex()).isEqualTo(1 + access.width());
    for (int i = 0; i < access.width(); i++) {
      assertThat(buffer.getByte(1 + i)).as("byte %s", i).isEqualTo(access.byteAt(i));
    }
    buffer.readerIndex(1);
    assertThat(access.read().applyAsLong(buffer)).isEqualTo(access.value());
    assertThat(buffer.readerIndex()).isEqualTo(1 + access.width());
    buffer.release();
  }

  @ParameterizedTest
  @MethodSource("accesses")
  void withAByteTooFewNothingIsReadOrWritten(Access access) {
    int length = access.width() - 1;
    ByteBuf buffer = arena.allocate(length, length);
    assertThatThrownBy(() -> access.write().write(buffer, PATTERN))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(buffer.writerIndex()).isZero();
    buffer.writerIndex(length);
    assertThatThrownBy(() -> access.read().applyAsLong(buffer))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(buffer.readerIndex()).isZero();
    buffer.release();
  }

  @ParameterizedTest
  @MethodSource("accesses")
  void aWriteGrowsTheBufferUpToItsMaximum(Access access) {
    ByteBuf buffer = arena.allocate(access.width() - 1, access.width());
    access.write().write(buffer, PATTERN);
    assertThat(access.read().applyAsLong(buffer)).isEqualTo(access.value());
    buffer.release();
  }

  @ParameterizedTest
  @MethodSource("accesses")
  void aReleasedBufferIsNeitherReadNorWritten(Access access) {
    ByteBuf buffer = arena.allocate(2 * access.width(), 2 * access.width());
    buffer.writerIndex(access.width());
    buffer.release();
    assertThatThrownBy(() -> access.read().applyAsLong(buffer))
        .isInstanceOf(IllegalReferenceCountException.class);
    assertThatThrownBy(() -> access.write().write(buffer, PATTERN))
        .isInstanceOf(IllegalReferenceCountException.class);
  }
}
