package dev.tidepool.echo.protocol.url;

import dev.tidepool.echo.protocol.AnswerBytes;
import dev.tidepool.echo.protocol.BadStatusException;
import dev.tidepool.echo.protocol.ProtocolClient.Answers;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.WrongAnswerException;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The answer to one request, as far as it has arrived. Event loop only. */
public final class ReceivedAnswer {
  private final Request request;
  private final AnswerCheck check;

  /** Verifies the body; null: its bytes are not verified. */
  private @Nullable AnswerBytes echo;

  private int status;
  private long length;

  ReceivedAnswer(Request request, AnswerCheck check) {
    this.request = request;
    this.check = check;
  }

  /** Whether the final status has arrived. */
  public boolean hasHead() {
    return status != 0;
  }

  /** The final status has arrived. */
  public void head(int newStatus) {
    status = newStatus;
    if (check.verification() == Verification.FULL && isAccepted()) {
      echo = new AnswerBytes(request.sequence(), check.echo(request));
    }
  }

  private boolean isAccepted() {
    int end = check.verification() == Verification.FULL ? 300 : 400;
    return check.verification() == Verification.OFF || (200 <= status && status < end);
  }

  /** A part of the body has arrived. */
  public void part(ByteBuf part, Answers answers) throws WrongAnswerException {
    length += part.readableBytes();
    if (echo == null) {
      answers.unverified(part.readableBytes());
    } else {
      echo.verifyAll(part, answers);
    }
  }

  /** The answer is over. */
  public void end(Answers answers) throws WrongAnswerException {
    if (!isAccepted()) {
      answers.refused(request.sequence(), badStatus());
    } else if (echo != null) {
      echo.end(answers);
    } else {
      verifyLength();
      answers.answered(request.sequence());
    }
  }

  private BadStatusException badStatus() {
    boolean isEcho = check.verification() == Verification.FULL;
    return new BadStatusException(request.sequence(), status, isEcho ? "2xx" : "2xx or 3xx");
  }

  private void verifyLength() throws WrongAnswerException {
    if (check.verification() != Verification.LENGTH) {
      return;
    }
    long expected = check.expectedLength(length);
    if (length != expected) {
      throw new WrongAnswerException(
          "answer to request %d has %d bytes, expected %d as the first answer has"
              .formatted(request.sequence(), length, expected),
          (int) Math.max(0, Math.min(length - expected, Integer.MAX_VALUE)));
    }
  }
}
