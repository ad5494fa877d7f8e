package dev.tidepool.echo.protocol;

import dev.tidepool.echo.figures.Figures;
import io.netty.buffer.ByteBuf;

/** Verifies the bytes of one answer, in whatever pieces they arrive. */
public final class AnswerBytes {
  private final long sequence;
  private final ByteSequence expected;
  private int position;

  /**
   * @param sequence the request's
   */
  public AnswerBytes(long sequence, ByteSequence expected) {
    this.sequence = sequence;
    this.expected = expected;
  }

  /**
   * Reads and verifies no more than what is missing of the answer.
   *
   * @return how many bytes were read, all of them right
   */
  public int verify(ByteBuf in) throws WrongAnswerException {
    int length = Math.min(in.readableBytes(), expected.length() - position);
    int matching = expected.matching(position, in, in.readerIndex(), length);
    if (matching < length) {
      throw mismatch(in, matching, length);
    }
    in.skipBytes(length);
    position += length;
    return length;
  }

  public boolean isComplete() {
    return position == expected.length();
  }

  private WrongAnswerException mismatch(ByteBuf in, int first, int length) {
    int mismatched = 0;
    for (int i = first; i < length; i++) {
      if (in.getByte(in.readerIndex() + i) != expected.at(position + i)) {
        mismatched++;
      }
    }
    return new WrongAnswerException(
        Figures.format(
            "echo of request %d differs: byte %d of %d is 0x%02x, expected 0x%02x",
            sequence,
            position + first,
            expected.length(),
            in.getByte(in.readerIndex() + first),
            expected.at(position + first)),
        mismatched);
  }
}
