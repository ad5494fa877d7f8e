package dev.tidepool.echo.protocol;

import io.netty.buffer.ByteBuf;

/** A sequence of bytes that is computed, not stored: any part of it can be written or compared. */
public interface ByteSequence {
  int length();

  byte at(int position);

  /** Appends the whole sequence. */
  default void writeTo(ByteBuf out) {
    for (int position = 0; position < length(); position++) {
      out.writeByte(at(position));
    }
  }

  /**
   * Compares bytes with the sequence from {@code position} on.
   *
   * @return how many bytes are equal before the first that differs, or {@code length}
   */
  default int matching(int position, ByteBuf in, int index, int length) {
    int done = 0;
    while (done < length && in.getByte(index + done) == at(position + done)) {
      done++;
    }
    return done;
  }
}
