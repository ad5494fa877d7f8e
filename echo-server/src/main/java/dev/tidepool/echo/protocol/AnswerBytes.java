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

  /** Verifies a part of an answer whose end the protocol marks: there must be nothing behind. */
  public void verifyAll(ByteBuf part, ProtocolClient.Answers answers) throws WrongAnswerException {
    answers.verified(verify(part));
    if (part.isReadable()) {
      throw wrong(part.readableBytes() + " bytes more than expected", part.readableBytes());
    }
  }

  /** The answer is over. */
  public void end(ProtocolClient.Answers answers) throws WrongAnswerException {
    if (!isComplete()) {
      throw wrong("fewer bytes than expected", 0);
    }
    answers.answered(sequence);
  }

  /** What else is wrong about the answer. */
  public WrongAnswerException wrong(String what, int wrongBytes) {
    return new WrongAnswerException("echo of request " + sequence + " has " + what, wrongBytes);
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
