package dev.tidepool.allocator.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;

/** Buffers lie side by side in a block; none reaches into another, or beyond its own end. */
class NeighboursTest extends BufferContract {
  private static final int LENGTH = 64;

  /** The bytes that each setter sets from its index. */
  private static final int WIDTH = 8;

  private static final Map<String, ObjIntConsumer<ByteBuf>> SETTERS = new LinkedHashMap<>();
  private static final Map<String, ObjIntConsumer<ByteBuf>> GETTERS = new LinkedHashMap<>();

  static {
    SETTERS.put("byte", (buffer, index) -> buffer.setByte(index + 7, 1));
    SETTERS.put("short", (buffer, index) -> buffer.setShort(index + 6, 1));
    SETTERS.put("short LE", (buffer, index) -> buffer.setShortLE(index + 6, 1));
    SETTERS.put("medium", (buffer, index) -> buffer.setMedium(index + 5, 1));
    SETTERS.put("medium LE", (buffer, index) -> buffer.setMediumLE(index + 5, 1));
    SETTERS.put("int", (buffer, index) -> buffer.setInt(index + 4, 1));
    SETTERS.put("int LE", (buffer, index) -> buffer.setIntLE(index + 4, 1));
    SETTERS.put("long", (buffer, index) -> buffer.setLong(index, 1));
    SETTERS.put("long LE", (buffer, index) -> buffer.setLongLE(index, 1));
    SETTERS.put("double", (buffer, index) -> buffer.setDouble(index, 1));
    SETTERS.put("zero", (buffer, index) -> buffer.setZero(index, WIDTH));
    SETTERS.put("array", (buffer, index) -> buffer.setBytes(index, new byte[WIDTH]));
    SETTERS.put("NIO", (buffer, index) -> buffer.setBytes(index, ByteBuffer.allocate(WIDTH)));
    SETTERS.put(
        "NIO direct", (buffer, index) -> buffer.setBytes(index, ByteBuffer.allocateDirect(WIDTH)));
    SETTERS.put(
        "buffer",
        (buffer, index) -> buffer.setBytes(index, Unpooled.wrappedBuffer(new byte[WIDTH])));
    SETTERS.put("its allocator's heap", (buffer, index) -> setFrom(buffer, index, false));
    SETTERS.put("its allocator's direct", (buffer, index) -> setFrom(buffer, index, true));
    SETTERS.put(
        "text",
        (buffer, index) -> buffer.setCharSequence(index, "12345678", StandardCharsets.US_ASCII));
    SETTERS.put("stream", NeighboursTest::setFromStream);
    SETTERS.put("channel", NeighboursTest::setFromChannel);

    GETTERS.put("byte", (buffer, index) -> buffer.getByte(index + 7));
    GETTERS.put("short", (buffer, index) -> buffer.getShort(index + 6));
    GETTERS.put("short LE", (buffer, index) -> buffer.getShortLE(index + 6));
    GETTERS.put("medium", (buffer, index) -> buffer.getMedium(index + 5));
    GETTERS.put("medium LE", (buffer, index) -> buffer.getMediumLE(index + 5));
    GETTERS.put("int", (buffer, index) -> buffer.getInt(index + 4));
    GETTERS.put("int LE", (buffer, index) -> buffer.getIntLE(index + 4));
    GETTERS.put("long", (buffer, index) -> buffer.getLong(index));
    GETTERS.put("long LE", (buffer, index) -> buffer.getLongLE(index));
    GETTERS.put("array", (buffer, index) -> buffer.getBytes(index, new byte[WIDTH]));
    GETTERS.put("NIO", (buffer, index) -> buffer.getBytes(index, ByteBuffer.allocate(WIDTH)));
    GETTERS.put(
        "buffer",
        (buffer, index) -> buffer.getBytes(index, Unpooled.wrappedBuffer(new byte[WIDTH]), 0, 8));
    GETTERS.put("its allocator's heap", (buffer, index) -> getInto(buffer, index, false));
    GETTERS.put("its allocator's direct", (buffer, index) -> getInto(buffer, index, true));
    GETTERS.put("stream", NeighboursTest::getIntoStream);
    GETTERS.put("slice", (buffer, index) -> buffer.slice(index, WIDTH));
    GETTERS.put("copy", (buffer, index) -> buffer.copy(index, WIDTH).release());
  }

  NeighboursTest(BufferSource source) {
    super(source);
  }

  private static ByteBuf partner(ByteBuf buffer, boolean direct) {
    return direct ? buffer.alloc().directBuffer(LENGTH) : buffer.alloc().heapBuffer(LENGTH);
  }

  private static void setFrom(ByteBuf buffer, int index, boolean direct) {
    ByteBuf from = partner(buffer, direct).setZero(0, LENGTH);
    try {
      buffer.setBytes(index, from, 0, WIDTH);
    } finally {
      from.release();
    }
  }

  private static void getInto(ByteBuf buffer, int index, boolean direct) {
    ByteBuf into = partner(buffer, direct);
    try {
      buffer.getBytes(index, into, 0, WIDTH);
    } finally {
      into.release();
    }
  }

  private static void getIntoStream(ByteBuf buffer, int index) {
    try {
      buffer.getBytes(index, OutputStream.nullOutputStream(), WIDTH);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void setFromStream(ByteBuf buffer, int index) {
    try {
      buffer.setBytes(index, new ByteArrayInputStream(new byte[WIDTH]), WIDTH);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void setFromChannel(ByteBuf buffer, int index) {
    try {
      buffer.setBytes(index, new BytesChannel(new byte[WIDTH]), WIDTH);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void nothingIsWrittenOutsideOfTheBuffer() {
    SETTERS.forEach(
        (name, setter) -> {
          ByteBuf before = bufferOf(pattern(1, LENGTH));
          ByteBuf buffer = buffer(LENGTH);
          ByteBuf after = bufferOf(pattern(2, LENGTH));
          setter.accept(buffer, 0);
          setter.accept(buffer, LENGTH - WIDTH);
          for (int index : new int[] {-WIDTH, LENGTH - WIDTH + 1, LENGTH, Integer.MAX_VALUE - 8}) {
            assertOutOfBounds(name, buffer, setter, index);
          }
          assertBytes(before, 0, pattern(1, LENGTH));
          assertBytes(after, 0, pattern(2, LENGTH));
          releaseAll(before, buffer, after);
        });
  }

  @Test
  void nothingIsReadOutsideOfTheBuffer() {
    ByteBuf before = buffer(LENGTH);
    ByteBuf buffer = buffer(LENGTH);
    ByteBuf after = buffer(LENGTH);
    GETTERS.forEach(
        (name, getter) -> {
          getter.accept(buffer, 0);
          getter.accept(buffer, LENGTH - WIDTH);
          for (int index : new int[] {-WIDTH, LENGTH - WIDTH + 1, LENGTH, Integer.MAX_VALUE - 8}) {
            assertOutOfBounds(name, buffer, getter, index);
          }
        });
    releaseAll(before, buffer, after);
  }

  @Test
  void theOtherBufferOfACopyHasBoundsToo() {
    int[][] outside = {{60, 8}, {-1, 1}, {0, -1}, {Integer.MAX_VALUE, Integer.MAX_VALUE}, {65, 0}};
    for (boolean direct : new boolean[] {true, false}) {
      ByteBuf buffer = buffer(LENGTH);
      ByteBuf other = partner(buffer, direct);
      ByteBuf after = partner(buffer, direct).setBytes(0, pattern(2, LENGTH));
      for (int[] range : outside) {
        assertThatThrownBy(() -> buffer.getBytes(0, other, range[0], range[1]))
            .as("getBytes %s", Arrays.toString(range))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.setBytes(0, other, range[0], range[1]))
            .as("setBytes %s", Arrays.toString(range))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
      buffer.getBytes(LENGTH, other, LENGTH, 0).setBytes(LENGTH, other, LENGTH, 0);
      assertBytes(after, 0, pattern(2, LENGTH));
      releaseAll(after, other, buffer);
    }
  }

  @Test
  void anErrorNamesTheIndexThatIsWrong() {
    assumeThat(source).isInstanceOf(ArenaFixture.class); // some of Netty's do not
    ByteBuf buffer = buffer(LENGTH);
    ByteBuf other = partner(buffer, source.isDirect());
    assertThatThrownBy(() -> buffer.setBytes(0, other, 60, 8)).hasMessageContaining("srcIndex: 60");
    assertThatThrownBy(() -> buffer.getBytes(0, other, 60, 8)).hasMessageContaining("dstIndex: 60");
    assertThatThrownBy(() -> buffer.getBytes(60, other, 0, 8)).hasMessageContaining("index: 60");
    releaseAll(other, buffer);
  }

  private static void assertOutOfBounds(
      String name, ByteBuf buffer, ObjIntConsumer<ByteBuf> access, int index) {
    assertThat(catchThrowable(() -> access.accept(buffer, index)))
        .as("%s at %d", name, index)
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  /** The bytes that alignment adds behind a buffer are not the buffer's. */
  @Test
  void aBufferEndsWhereItWasAskedToEnd() {
    for (int length = 0; length < 40; length++) {
      ByteBuf buffer = buffer(length);
      int end = length;
      assertThat(buffer.capacity()).isEqualTo(length);
      assertThatThrownBy(() -> buffer.setByte(end, 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> buffer.getByte(end)).isInstanceOf(IndexOutOfBoundsException.class);
      releaseAll(buffer);
    }
  }

  @Test
  void manyThatComeAndGoKeepTheirBytes() {
    Random random = new Random(3);
    List<ByteBuf> alive = new ArrayList<>();
    List<byte[]> models = new ArrayList<>();
    for (int step = 0; step < 2000; step++) {
      if (alive.size() < 100 || random.nextBoolean()) {
        byte[] bytes = pattern(step, random.nextInt(random.nextInt(50) == 0 ? 50_000 : 500));
        alive.add(bufferOf(bytes));
        models.add(bytes);
      } else {
        int victim = random.nextInt(alive.size());
        assertBytes(alive.get(victim), 0, models.remove(victim));
        releaseAll(alive.remove(victim));
      }
    }
    for (int i = 0; i < alive.size(); i++) {
      assertBytes(alive.get(i), 0, models.get(i));
    }
    releaseAll(alive.toArray(new ByteBuf[0]));
  }

  @Test
  void copiesAreIndependent() {
    byte[] bytes = pattern(4, 200);
    ByteBuf buffer = bufferOf(bytes);
    ByteBuf copy = buffer.copy(50, 100);
    buffer.setZero(0, 200);
    assertThat(copy.isDirect()).isEqualTo(source.isDirect());
    assertThat(copy.alloc()).isSameAs(buffer.alloc());
    assertBytes(copy, 0, Arrays.copyOfRange(bytes, 50, 150));
    releaseAll(buffer, copy);
  }
}
