package dev.tidepool.echo.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * The client of protocols that answer in the order of the requests, with bytes that follow from the
 * request: its own, unless said otherwise. The answers may arrive in whatever pieces.
 */
final class EchoClient implements ProtocolClient {
  private final LongFunction<Request> requests;
  private final Function<Request, ByteSequence> encoding;
  private final Function<Request, ByteSequence> answering;
  private long encoded;

  /** The oldest request whose answer is not complete, encoded or not. */
  private long sequence;

  private AnswerBytes answer;

  /**
   * @param encoding a request's bytes on the wire
   */
  EchoClient(LongFunction<Request> requests, Function<Request, ByteSequence> encoding) {
    this(requests, encoding, encoding);
  }

  /**
   * @param encoding a request's bytes on the wire
   * @param answering the bytes of the right answer to it
   */
  EchoClient(
      LongFunction<Request> requests,
      Function<Request, ByteSequence> encoding,
      Function<Request, ByteSequence> answering) {
    this.requests = requests;
    this.encoding = encoding;
    this.answering = answering;
    this.answer = expected();
  }

  private AnswerBytes expected() {
    return new AnswerBytes(sequence, answering.apply(requests.apply(sequence)));
  }

  @Override
  public List<?> encode(Request request, ByteBufAllocator allocator) {
    ByteSequence bytes = encoding.apply(request);
    ByteBuf out = allocator.directBuffer(bytes.length());
    bytes.writeTo(out);
    encoded++;
    return List.of(out);
  }

  @Override
  public void receive(Object message, Answers answers) throws WrongAnswerException {
    ByteBuf in = (ByteBuf) message;
    while (in.isReadable()) {
      requireDue(in);
      answers.verified(answer.verify(in));
      if (answer.isComplete()) {
        answers.answered(sequence);
        sequence++;
        answer = expected();
      }
    }
  }

  private void requireDue(ByteBuf in) throws WrongAnswerException {
    if (sequence == encoded) {
      throw new WrongAnswerException(
          in.readableBytes() + " bytes came back that were not sent", in.readableBytes());
    }
  }
}
