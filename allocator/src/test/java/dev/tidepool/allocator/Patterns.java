package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;

/** Contents that tell one buffer from another, byte by byte. */
public final class Patterns {
  private Patterns() {}

  /** Fills the whole of {@code buffer} with the bytes that belong to {@code seed}. */
  public static ByteBuf fill(ByteBuf buffer, int seed) {
    for (int i = 0; i < buffer.capacity(); i++) {
      buffer.setByte(i, at(seed, i));
    }
    return buffer.setIndex(0, buffer.capacity());
  }

  /** Fails unless the first {@code bytes} bytes are those that belong to {@code seed}. */
  public static void check(ByteBuf buffer, int seed, int bytes) {
    for (int i = 0; i < bytes; i++) {
      if (buffer.getByte(i) != at(seed, i)) {
        assertThat(buffer.getByte(i)).as("byte %d of %s", i, buffer).isEqualTo(at(seed, i));
      }
    }
  }

  /** Fails unless the whole of {@code buffer} is as {@link #fill} left it. */
  public static void check(ByteBuf buffer, int seed) {
    check(buffer, seed, buffer.capacity());
  }

  private static byte at(int seed, int index) {
    return (byte) (seed * 31 + index * 7 + (seed >>> 8) + (index >>> 8));
  }
}
