package dev.tidepool.allocator.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import org.junit.jupiter.api.Test;

/** A search finds the first such byte, wherever the words that it reads begin and end. */
class SearchTest extends BufferContract {
  private static final int LENGTH = 80;

  /** They differ in one bit from each other, in one from zero, and in the sign. */
  private static final byte[] SOUGHT = {0, 1, (byte) 0x7f, (byte) 0x80, (byte) 0xff};

  SearchTest(BufferSource source) {
    super(source);
  }

  @Test
  void findsTheFirstInTheRange() {
    ByteBuf buffer = buffer(LENGTH);
    for (byte sought : SOUGHT) {
      for (int at = 0; at < LENGTH; at++) {
        fillWithOthers(buffer, sought);
        buffer.setByte(at, sought).setByte(LENGTH - 1, sought);
        findsFirst(buffer, at, sought);
      }
    }
    releaseAll(buffer);
  }

  private static void fillWithOthers(ByteBuf buffer, byte sought) {
    for (int i = 0; i < LENGTH; i++) {
      buffer.setByte(i, sought ^ 1 << i % Byte.SIZE);
    }
  }

  private static void findsFirst(ByteBuf buffer, int at, byte sought) {
    for (int from = 0; from <= at; from++) {
      assertThat(buffer.indexOf(from, LENGTH, sought)).isEqualTo(at);
      assertThat(buffer.indexOf(from, at + 1, sought)).isEqualTo(at);
      assertThat(buffer.indexOf(from, at, sought)).isEqualTo(-1);
      assertThat(buffer.bytesBefore(from, LENGTH - from, sought)).isEqualTo(at - from);
    }
    int after = at + 1 < LENGTH ? LENGTH - 1 : -1;
    assertThat(buffer.indexOf(at + 1, LENGTH, sought)).isEqualTo(after);
  }

  /** As many in a word as possible, before as well as behind the first. */
  @Test
  void findsTheFirstOfManyBehindManyOthers() {
    ByteBuf buffer = buffer(LENGTH);
    for (byte sought : SOUGHT) {
      for (int difference : new int[] {0xff, 0x81, 0x7f, 1}) {
        for (int at = 0; at < LENGTH; at++) {
          for (int i = 0; i < LENGTH; i++) {
            buffer.setByte(i, i < at ? sought ^ difference : sought);
          }
          assertThat(buffer.indexOf(0, LENGTH, sought)).isEqualTo(at);
          assertThat(buffer.indexOf(0, at, sought)).isEqualTo(-1);
        }
      }
    }
    releaseAll(buffer);
  }

  @Test
  void findsTheLastInABackwardRange() {
    ByteBuf buffer = buffer(LENGTH);
    fillWithOthers(buffer, (byte) 7);
    buffer.setByte(3, 7).setByte(50, 7);
    assertThat(buffer.indexOf(LENGTH, 0, (byte) 7)).isEqualTo(50);
    assertThat(buffer.indexOf(50, 0, (byte) 7)).isEqualTo(3);
    releaseAll(buffer);
  }

  @Test
  void checksExtremeRanges() {
    ByteBuf buffer = buffer(LENGTH);
    fillWithOthers(buffer, (byte) 7);
    buffer.setByte(3, 7);
    assertThat(buffer.indexOf(Integer.MIN_VALUE, LENGTH, (byte) 7)).isEqualTo(3);
    assertThat(buffer.indexOf(Integer.MIN_VALUE, Integer.MIN_VALUE, (byte) 7)).isEqualTo(-1);
    assertThatThrownBy(() -> buffer.indexOf(0, LENGTH + 1, (byte) 7))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> buffer.indexOf(0, Integer.MAX_VALUE, (byte) 7))
        .isInstanceOf(IndexOutOfBoundsException.class);
    releaseAll(buffer);
    assertThatThrownBy(() -> buffer.indexOf(0, LENGTH, (byte) 7))
        .isInstanceOf(IllegalReferenceCountException.class);
  }
}
