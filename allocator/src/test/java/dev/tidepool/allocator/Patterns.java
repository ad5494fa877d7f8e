package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;

/** Byte patterns that distinguish buffers' contents. */
public final class Patterns {
  private Patterns() {}

  /** Fills the whole of {@code buffer} with the pattern of {@code seed}. */
  public static ByteBuf fill(ByteBuf buffer, int seed) {
    for (int i = 0; i < buffer.capacity(); i++) {
      buffer.setByte(i, at(seed, i));
    }
    return buffer.setIndex(0, buffer.capacity());
  }

  /** Fails unless the first {@code bytes} bytes are the pattern of {@code seed}. */
  public static void check(ByteBuf buffer, int seed, int bytes) {
    for (int i = 0; i < bytes; i++) {
      if (buffer.getByte(i) != at(seed, i)) {
        assertThat(buffer.getByte(i)).as("byte %d of %s", i, buffer).isEqualTo(at(seed, i));
      }
    }
  }

  /** Fails unless the whole of {@code buffer} is the pattern of {@link #fill}. */
  public static void check(ByteBuf buffer, int seed) {
    check(buffer, seed, buffer.capacity());
  }

  /** The first {@code count} bytes of the pattern of {@code seed}. */
  public static byte[] bytes(int count, int seed) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = at(seed, i);
    }
    return bytes;
  }

  private static byte at(int seed, int index) {
    return (byte) (seed * 31 + index * 7 + (seed >>> 8) + (index >>> 8));
  }
}
