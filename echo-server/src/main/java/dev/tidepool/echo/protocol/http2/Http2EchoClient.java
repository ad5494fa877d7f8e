package dev.tidepool.echo.protocol.http2;

import dev.tidepool.echo.protocol.AnswerBytes;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.WrongAnswerException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Posts payloads, each on a stream of its own, and verifies that they come back. */
final class Http2EchoClient implements ProtocolClient {
  private final ClientConnection connection = new ClientConnection();
  private final Map<Http2FrameStream, Answer> underWay = new HashMap<>();

  /** The answer to a request, as far as it has arrived. */
  private record Answer(Request request, AnswerBytes bytes) {}

  @Override
  public void addCodec(ChannelPipeline pipeline) {
    connection.addTo(pipeline);
  }

  /** The server's settings come first. */
  @Override
  public boolean hasHandshake() {
    return true;
  }

  // Requests

  @Override
  public List<?> encode(Request request, ByteBufAllocator allocator) {
    int length = request.payload().length();
    Http2FrameStream stream = connection.newStream();
    underWay.put(
        stream, new Answer(request, new AnswerBytes(request.sequence(), request.payload())));
    DefaultHttp2HeadersFrame head = new DefaultHttp2HeadersFrame(headers(request), length == 0);
    if (length == 0) {
      return List.of(head.stream(stream));
    }
    ByteBuf payload = allocator.directBuffer(length);
    request.payload().writeTo(payload);
    return List.of(head.stream(stream), new DefaultHttp2DataFrame(payload, true).stream(stream));
  }

  /** Every other request leaves its length out. */
  private static Http2Headers headers(Request request) {
    Http2Headers headers =
        new DefaultHttp2Headers()
            .method(HttpMethod.POST.asciiName())
            .scheme("http")
            .authority("tidepool")
            .path("/echo");
    if (request.sequence() % 2 == 0) {
      headers.setInt(HttpHeaderNames.CONTENT_LENGTH, request.payload().length());
    }
    return headers;
  }

  // Answers

  @Override
  public void receive(Object message, Answers answers) throws WrongAnswerException {
    if (message instanceof Http2HeadersFrame head) {
      Answer answer = underWay(head.stream());
      verifyHead(answer, head.headers());
      endIf(head.isEndStream(), head.stream(), answers);
    } else if (message instanceof Http2DataFrame data) {
      underWay(data.stream()).bytes().verifyAll(data.content(), answers);
      endIf(data.isEndStream(), data.stream(), answers);
    } else if (message instanceof Http2ResetFrame reset && underWay.containsKey(reset.stream())) {
      throw underWay(reset.stream()).bytes().wrong("no end: its stream was reset", 0);
    }
  }

  private Answer underWay(Http2FrameStream stream) throws WrongAnswerException {
    Answer answer = underWay.get(stream);
    if (answer == null) {
      throw new WrongAnswerException(
          "an answer came back on stream " + stream.id() + ", expected none", 0);
    }
    return answer;
  }

  private static void verifyHead(Answer answer, Http2Headers head) throws WrongAnswerException {
    if (!"200".contentEquals(head.status())) {
      throw answer.bytes().wrong("status " + head.status() + ", expected 200", 0);
    }
    Long length = head.getLong(HttpHeaderNames.CONTENT_LENGTH);
    if (length != null && length != answer.request().payload().length()) {
      throw answer
          .bytes()
          .wrong(
              "content-length " + length + ", expected " + answer.request().payload().length(), 0);
    }
  }

  private void endIf(boolean ended, Http2FrameStream stream, Answers answers)
      throws WrongAnswerException {
    Answer answer = underWay(stream);
    if (ended) {
      underWay.remove(stream);
      answer.bytes().end(answers);
    }
  }
}
