package dev.tidepool.echo.load;

import io.netty.buffer.ByteBuf;

/** The bytes of a payload: an endless sequence that its seed alone determines. */
final class BytePattern {
  private BytePattern() {}

  /** Appends the first {@code length} bytes of the sequence. */
  static void write(long seed, ByteBuf out, int length) {
    int words = length / Long.BYTES;
    for (int word = 0; word < words; word++) {
      out.writeLong(SplitMix.at(seed, word));
    }
    for (int position = words * Long.BYTES; position < length; position++) {
      out.writeByte(byteAt(seed, position));
    }
  }

  static byte byteAt(long seed, int position) {
    int shift = Long.SIZE - Byte.SIZE * (1 + position % Long.BYTES);
    return (byte) (SplitMix.at(seed, position / Long.BYTES) >>> shift);
  }

  /**
   * Compares bytes with the sequence from {@code position} on.
   *
   * @return how many bytes are as they must be before the first that is not, or all of them
   */
  static int matching(long seed, int position, ByteBuf in, int index, int length) {
    int done = 0;
    while (done < length) {
      boolean wholeWord = (position + done) % Long.BYTES == 0 && length - done >= Long.BYTES;
      if (wholeWord && matchesWord(seed, position + done, in, index + done)) {
        done += Long.BYTES;
      } else if (in.getByte(index + done) == byteAt(seed, position + done)) {
        done++;
      } else {
        return done;
      }
    }
    return done;
  }

  private static boolean matchesWord(long seed, int position, ByteBuf in, int index) {
    return in.getLong(index) == SplitMix.at(seed, position / Long.BYTES);
  }
}
