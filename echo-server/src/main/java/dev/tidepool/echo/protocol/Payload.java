package dev.tidepool.echo.protocol;

import io.netty.buffer.ByteBuf;

/** The bytes of a payload: pseudo-random, and determined by their seed. */
public record Payload(long seed, int length) implements ByteSequence {

  @Override
  public byte at(int position) {
    int shift = Long.SIZE - Byte.SIZE * (1 + position % Long.BYTES);
    return (byte) (word(position) >>> shift);
  }

  @Override
  public void writeTo(ByteBuf out) {
    int position = 0;
    for (; length - position >= Long.BYTES; position += Long.BYTES) {
      out.writeLong(word(position));
    }
    for (; position < length; position++) {
      out.writeByte(at(position));
    }
  }

  @Override
  public int matching(int position, ByteBuf in, int index, int length) {
    int done = 0;
    while (done < length) {
      boolean wholeWord = (position + done) % Long.BYTES == 0 && length - done >= Long.BYTES;
      if (wholeWord && in.getLong(index + done) == word(position + done)) {
        done += Long.BYTES;
      } else if (in.getByte(index + done) == at(position + done)) {
        done++;
      } else {
        return done;
      }
    }
    return done;
  }

  private long word(int position) {
    return SplitMix.at(seed, position / Long.BYTES);
  }
}
