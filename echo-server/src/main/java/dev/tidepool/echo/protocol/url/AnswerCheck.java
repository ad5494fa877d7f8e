package dev.tidepool.echo.protocol.url;

import dev.tidepool.echo.protocol.ByteSequence;
import dev.tidepool.echo.protocol.Request;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** The verification of a whole load's answers, by all event loops. */
public final class AnswerCheck {
  private static final long NONE = -1;

  private final Verification verification;
  private final Function<Request, ByteSequence> echo;

  /** How long the load's first complete answer was, or NONE. */
  private final AtomicLong firstLength = new AtomicLong(NONE);

  /**
   * @param echo the body that the answer to a request has under {@link Verification#FULL}
   */
  public AnswerCheck(Verification verification, Function<Request, ByteSequence> echo) {
    this.verification = verification;
    this.echo = echo;
  }

  /** The answer to a request, of which nothing has arrived yet. */
  public ReceivedAnswer expect(Request request) {
    return new ReceivedAnswer(request, this);
  }

  Verification verification() {
    return verification;
  }

  ByteSequence echo(Request request) {
    return echo.apply(request);
  }

  /** The length that all answers have, which is this one's if it is the first. */
  long expectedLength(long length) {
    long first = firstLength.compareAndExchange(NONE, length);
    return first == NONE ? length : first;
  }
}
