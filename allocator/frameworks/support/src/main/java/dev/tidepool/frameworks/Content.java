package dev.tidepool.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Bytes that a seed and a position determine, so that each end can compute what it has to get, and
 * a byte in a wrong place is noticed.
 */
public final class Content {
  private final int seed;
  private long position;

  private Content(int seed) {
    this.seed = seed;
  }

  /** The content of {@code seed} from its start, to be compared piece by piece. */
  public static Content expected(int seed) {
    return new Content(seed);
  }

  /** The first {@code length} bytes of the content of {@code seed}. */
  public static byte[] bytes(int seed, int length) {
    return new Content(seed).next(length);
  }

  /** The next {@code length} bytes. */
  public byte[] next(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = byteAt(position++);
    }
    return bytes;
  }

  /** Fails unless {@code bytes} are the next ones. */
  public void verify(byte[] bytes) {
    verify(bytes, 0, bytes.length);
  }

  /** Fails unless {@code length} bytes from {@code offset} are the next ones. */
  public void verify(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length; i++, position++) {
      if (bytes[i] != byteAt(position)) {
        throw new AssertionError(
            "content %d: byte %d is %d (expected: %d)"
                .formatted(seed, position, bytes[i], byteAt(position)));
      }
    }
  }

  /**
   * Fails unless {@code bytes} are the first {@code length} bytes of the content of {@code seed}.
   */
  public static void verify(int seed, int length, byte[] bytes) {
    assertThat(bytes.length).as("the length of content %d", seed).isEqualTo(length);
    expected(seed).verify(bytes);
  }

  /** How many bytes were made or compared. */
  public long position() {
    return position;
  }

  /** No power of two repeats it: blocks, frames and chunks that change places are noticed. */
  private byte byteAt(long at) {
    long mixed = (at + seed) * 0x9E3779B97F4A7C15L;
    return (byte) (mixed >>> 56 ^ mixed >>> 24);
  }
}
