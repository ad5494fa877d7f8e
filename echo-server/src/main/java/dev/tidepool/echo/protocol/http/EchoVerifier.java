package dev.tidepool.echo.protocol.http;

import dev.tidepool.echo.protocol.AnswerBytes;
import dev.tidepool.echo.protocol.ByteSequence;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.WrongAnswerException;
import io.netty.buffer.ByteBuf;
import java.util.function.Function;
import java.util.function.LongFunction;

/** Verifies answers that come in the order of their requests, each in several messages. */
final class EchoVerifier {
  private final LongFunction<Request> requests;
  private final Function<Request, ByteSequence> answering;
  private long sent;

  /** The oldest request whose answer is not complete. */
  private Request request;

  private AnswerBytes answer;

  EchoVerifier(LongFunction<Request> requests, Function<Request, ByteSequence> answering) {
    this.requests = requests;
    this.answering = answering;
    this.request = requests.apply(0);
    this.answer = expected();
  }

  private AnswerBytes expected() {
    return new AnswerBytes(request.sequence(), answering.apply(request));
  }

  /** A request was encoded. */
  void sent() {
    sent++;
  }

  /** The request that is answered next. */
  Request due() throws WrongAnswerException {
    if (request.sequence() == sent) {
      throw new WrongAnswerException("an answer came back, expected none", 0);
    }
    return request;
  }

  /** Verifies a part of the answer. */
  void verify(ByteBuf part, ProtocolClient.Answers answers) throws WrongAnswerException {
    answer.verifyAll(part, answers);
  }

  /** The answer is over. */
  void end(ProtocolClient.Answers answers) throws WrongAnswerException {
    answer.end(answers);
    request = requests.apply(request.sequence() + 1);
    answer = expected();
  }

  /** What is wrong about the answer. */
  WrongAnswerException wrong(String what, int wrongBytes) {
    return answer.wrong(what, wrongBytes);
  }
}
