package dev.tidepool.allocator.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A buffer that grows or shrinks keeps its bytes and its indices, and its neighbours theirs. */
class GrowthTest extends BufferContract {
  GrowthTest(BufferSource source) {
    super(source);
  }

  @Test
  void growsFromNothingToMuch() {
    byte[] bytes = pattern(1, 1 << 20);
    ByteBuf buffer = buffer(0);
    for (int size = 1; size <= bytes.length; size *= 2) {
      buffer.writeBytes(bytes, buffer.writerIndex(), size - buffer.writerIndex());
    }
    assertBytes(buffer, 0, bytes);
    releaseAll(buffer);
  }

  @Test
  void growsByteByByte() {
    byte[] bytes = pattern(2, 5000);
    ByteBuf buffer = buffer(1);
    for (byte each : bytes) {
      buffer.writeByte(each);
    }
    assertBytes(buffer, 0, bytes);
    releaseAll(buffer);
  }

  @Test
  void growsBeyondAnyBlockAndShrinksAgain() {
    byte[] bytes = pattern(3, 100);
    ByteBuf buffer = bufferOf(bytes).capacity(9 << 20);
    buffer.setByte((9 << 20) - 1, 42);
    assertBytes(buffer, 0, bytes);
    assertThat(buffer.getByte((9 << 20) - 1)).isEqualTo((byte) 42);
    buffer.capacity(50);
    assertThat(buffer.capacity()).isEqualTo(50);
    assertBytes(buffer, 0, Arrays.copyOf(bytes, 50));
    releaseAll(buffer);
  }

  @Test
  void growsBetweenNeighbours() {
    ByteBuf before = bufferOf(pattern(4, 300));
    ByteBuf buffer = bufferOf(pattern(5, 20));
    ByteBuf after = bufferOf(pattern(6, 300));
    for (int capacity = 21; capacity < 4000; capacity += 97) {
      buffer.capacity(capacity).setByte(capacity - 1, capacity);
      assertBytes(buffer, 0, pattern(5, 20));
      assertThat(buffer.getByte(capacity - 1)).isEqualTo((byte) capacity);
    }
    assertBytes(before, 0, pattern(4, 300));
    assertBytes(after, 0, pattern(6, 300));
    releaseAll(before, buffer, after);
  }

  @Test
  void theTailOfAShrunkBufferServesAnother() {
    ByteBuf buffer = bufferOf(pattern(7, 1000)).capacity(100);
    ByteBuf next = bufferOf(pattern(8, 900));
    buffer.capacity(1000).setZero(100, 900);
    assertBytes(buffer, 0, Arrays.copyOf(pattern(7, 1000), 100));
    assertBytes(next, 0, pattern(8, 900));
    releaseAll(buffer, next);
  }

  @Test
  void indicesFollowTheCapacityDownAndStayOnTheWayUp() {
    ByteBuf buffer = buffer(100).setIndex(60, 90);
    buffer.capacity(200);
    assertThat(buffer.readerIndex()).isEqualTo(60);
    assertThat(buffer.writerIndex()).isEqualTo(90);
    buffer.capacity(70);
    assertThat(buffer.readerIndex()).isEqualTo(60);
    assertThat(buffer.writerIndex()).isEqualTo(70);
    buffer.capacity(10);
    assertThat(buffer.readerIndex()).isEqualTo(10);
    assertThat(buffer.writerIndex()).isEqualTo(10);
    releaseAll(buffer);
  }

  @Test
  void marksSurviveGrowth() {
    ByteBuf buffer = buffer(10).setIndex(3, 7).markReaderIndex().markWriterIndex();
    buffer.capacity(100_000).setIndex(0, 50_000);
    assertThat(buffer.resetReaderIndex().readerIndex()).isEqualTo(3);
    assertThat(buffer.resetWriterIndex().writerIndex()).isEqualTo(7);
    releaseAll(buffer);
  }

  @Test
  void aNewBufferHasNoMarksOfAnEarlierOne() {
    ByteBuf earlier = buffer(10).setIndex(3, 7).markReaderIndex().markWriterIndex();
    releaseAll(earlier);
    ByteBuf buffer = buffer(10).setIndex(5, 9);
    assertThat(buffer.resetReaderIndex().readerIndex()).isZero();
    assertThat(buffer.resetWriterIndex().writerIndex()).isZero();
    releaseAll(buffer);
  }

  @Test
  void slicesAndDuplicatesSeeWhereTheBytesWent() {
    ByteBuf buffer = bufferOf(pattern(9, 64));
    ByteBuf next = buffer(16);
    ByteBuf slice = buffer.slice(8, 16);
    ByteBuf duplicate = buffer.duplicate();
    buffer.capacity(200_000).setByte(8, 42);
    assertThat(slice.getByte(0)).isEqualTo((byte) 42);
    assertThat(duplicate.getByte(8)).isEqualTo((byte) 42);
    slice.setByte(1, 43);
    assertThat(buffer.getByte(9)).isEqualTo((byte) 43);
    releaseAll(buffer, next);
  }

  @Test
  void growsUpToTheMaximumAndNoFurther() {
    byte[] bytes = pattern(10, 500);
    ByteBuf buffer = source.allocate(10, 500).writeBytes(bytes);
    assertThat(buffer.maxWritableBytes()).isZero();
    assertThatThrownBy(() -> buffer.writeByte(1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatIllegalArgumentException().isThrownBy(() -> buffer.capacity(501));
    assertThatIllegalArgumentException().isThrownBy(() -> buffer.capacity(-1));
    assertThat(buffer.ensureWritable(1, false)).isEqualTo(1);
    assertBytes(buffer, 0, bytes);
    releaseAll(buffer);
  }

  @Test
  void growsOnAnotherThread() {
    byte[] bytes = pattern(11, 100_000);
    ByteBuf buffer = buffer(10).writeBytes(bytes, 0, 10);
    ByteBuf next = bufferOf(pattern(12, 100));
    onOtherThread(() -> buffer.writeBytes(bytes, 10, 50_000));
    buffer.writeBytes(bytes, 50_010, bytes.length - 50_010);
    onOtherThread(() -> assertBytes(buffer, 0, bytes));
    assertBytes(buffer, 0, bytes);
    assertBytes(next, 0, pattern(12, 100));
    releaseAll(next);
    onOtherThread(() -> releaseAll(buffer));
  }

  @Test
  void shrinksOnAnotherThread() {
    ByteBuf buffer = bufferOf(pattern(13, 1000));
    onOtherThread(() -> buffer.capacity(100));
    assertThat(buffer.writerIndex()).isEqualTo(100);
    ByteBuf next = bufferOf(pattern(14, 900));
    buffer.capacity(1000).setZero(100, 900);
    assertBytes(buffer, 0, Arrays.copyOf(pattern(13, 1000), 100));
    assertBytes(next, 0, pattern(14, 900));
    releaseAll(buffer, next);
  }

  @Test
  void growsOnManyThreadsAtOnce() {
    inParallel(
        4,
        thread -> {
          byte[] bytes = pattern(thread, 20_000);
          for (int i = 1; i <= 50; i++) {
            ByteBuf buffer = bufferOf(Arrays.copyOf(bytes, i));
            buffer.writeBytes(bytes, i, i * 397);
            assertBytes(buffer, 0, Arrays.copyOf(bytes, i * 398));
            releaseAll(buffer);
          }
        });
  }

  @Test
  void buffersResizedInTurnsEqualTheirModels() {
    Random random = new Random(15);
    ByteBuf[] buffers = new ByteBuf[8];
    byte[][] models = new byte[8][];
    for (int i = 0; i < 8; i++) {
      models[i] = pattern(i, 1 + random.nextInt(200));
      buffers[i] = bufferOf(models[i]);
    }
    for (int step = 0; step < 400; step++) {
      int i = random.nextInt(8);
      int capacity = 1 + random.nextInt(random.nextInt(10) == 0 ? 100_000 : 2_000);
      int kept = Math.min(capacity, models[i].length);
      models[i] = Arrays.copyOf(models[i], capacity);
      buffers[i].capacity(capacity).setZero(kept, capacity - kept);
      byte mark = (byte) random.nextInt();
      models[i][capacity - 1] = mark;
      buffers[i].setByte(capacity - 1, mark);
      assertBytes(buffers[i], 0, models[i]);
    }
    for (int i = 0; i < 8; i++) {
      assertBytes(buffers[i], 0, models[i]);
    }
    releaseAll(buffers);
  }
}
