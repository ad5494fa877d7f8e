package dev.tidepool.allocator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractPooledByteBufTest;
import io.netty.buffer.ByteBuf;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Netty's contract of a {@code ByteBuf}, for every kind of arena buffer. */
@ParameterizedClass(name = "{0}")
@MethodSource("arenas")
class ArenaByteBufTest extends AbstractPooledByteBufTest {
  @RegisterExtension final ArenaFixture arena;

  ArenaByteBufTest(ArenaFixture arena) {
    this.arena = arena;
  }

  static Stream<ArenaFixture> arenas() {
    return Variant.all().map(ArenaFixture::new);
  }

  @Override
  protected ByteBuf alloc(int length, int maxCapacity) {
    return arena.allocate(length, maxCapacity);
  }

  /**
   * Netty's test reads the handle of a {@code PooledByteBuf}. Here the place of the bytes tells;
   * and writing the fast bytes must not overwrite what lies behind them.
   */
  @Override
  @Test
  public void testMaxFastWritableBytes() {
    ByteBuf buffer = newBuffer(150, 500).writerIndex(100);
    ByteBuf next = newBuffer(1, 1).writeByte(42);
    try {
      assertThat(buffer.writableBytes()).isEqualTo(50);
      assertThat(buffer.capacity()).isEqualTo(150);
      assertThat(buffer.maxCapacity()).isEqualTo(500);
      assertThat(buffer.maxWritableBytes()).isEqualTo(400);

      int fast = buffer.maxFastWritableBytes();
      assertThat(fast).isBetween(50, 400);
      Place before = Place.of(buffer);
      buffer.writeBytes(new byte[fast]);
      assertThat(Place.of(buffer)).isEqualTo(before);
      assertThat(buffer.maxFastWritableBytes()).isZero();

      buffer.writeByte(7);
      buffer.capacity(500);
      assertThat(buffer.maxFastWritableBytes()).isEqualTo(500 - buffer.writerIndex());
      assertThat(buffer.getByte(100 + fast)).isEqualTo((byte) 7);
      assertThat(next.getByte(0)).isEqualTo((byte) 42);
    } finally {
      next.release();
      buffer.release();
    }
  }

  /** Compares places, like the test above. */
  @Override
  @Test
  public void testEnsureWritableDoesntGrowTooMuch() {
    ByteBuf buffer = newBuffer(150, 500).writerIndex(100);
    try {
      int fast = buffer.maxFastWritableBytes();
      assertThat(fast).isGreaterThan(50);
      Place before = Place.of(buffer);
      buffer.ensureWritable(fast);
      assertThat(Place.of(buffer)).isEqualTo(before);
      assertThat(buffer.capacity()).isEqualTo(100 + fast);
      assertThat(buffer.maxFastWritableBytes()).isEqualTo(buffer.writableBytes());
    } finally {
      buffer.release();
    }
  }

  /** The place of a buffer's bytes. */
  private record Place(Object memory, int offset) {
    /** Of a direct buffer the low bits of the address, which Netty without Unsafe has not. */
    static Place of(ByteBuf buffer) {
      return buffer.hasArray()
          ? new Place(System.identityHashCode(buffer.array()), buffer.arrayOffset())
          : new Place("direct", buffer.nioBuffer(0, 1).alignmentOffset(0, 1 << 30));
    }
  }
}
