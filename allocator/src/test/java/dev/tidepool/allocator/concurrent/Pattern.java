package dev.tidepool.allocator.concurrent;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** A pattern of bytes known from a number; a longer buffer continues it. */
final class Pattern {
  private Pattern() {}

  /** Writes {@code length} bytes more, beyond the capacity if necessary. */
  static void write(ByteBuf buffer, int number, int length) {
    buffer.writeBytes(bytes(number, buffer.writerIndex(), length));
  }

  static void verify(ByteBuf buffer, int number) {
    byte[] actual = new byte[buffer.writerIndex()];
    buffer.getBytes(0, actual);
    int at = Arrays.mismatch(actual, bytes(number, 0, actual.length));
    if (at >= 0) {
      throw new AssertionError(
          "buffer %d: another byte at %d of %d: %s".formatted(number, at, actual.length, buffer));
    }
  }

  private static byte[] bytes(int number, int from, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (number * 31 + (from + i) * 7 + ((from + i) >>> 8));
    }
    return bytes;
  }
}
