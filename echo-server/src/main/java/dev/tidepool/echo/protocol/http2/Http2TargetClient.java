package dev.tidepool.echo.protocol.http2;

import dev.tidepool.echo.protocol.ByteSequence;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.WrongAnswerException;
import dev.tidepool.echo.protocol.url.AnswerCheck;
import dev.tidepool.echo.protocol.url.HttpTarget;
import dev.tidepool.echo.protocol.url.ReceivedAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends one request of HTTP/2 again and again, and verifies what any server answers. */
final class Http2TargetClient implements ProtocolClient {
  private final ClientConnection connection = new ClientConnection();
  private final Http2Headers head;
  private final @Nullable Function<Request, ByteSequence> body;
  private final AnswerCheck check;

  /** The requests under way, in the order of their streams. */
  private final Map<Http2FrameStream, UnderWay> underWay = new LinkedHashMap<>();

  private boolean ending;

  /** A request that is sent, and its answer as far as it has arrived. */
  private record UnderWay(long sequence, ReceivedAnswer answer) {}

  Http2TargetClient(HttpTarget target, AnswerCheck check) {
    this.head = head(target);
    this.body = target.body();
    this.check = check;
  }

  private static Http2Headers head(HttpTarget target) {
    Http2Headers head =
        new DefaultHttp2Headers()
            .method(target.method())
            .scheme(target.url().scheme())
            .authority(target.url().authority())
            .path(target.url().path());
    for (Map.Entry<String, String> field : target.headers()) {
      String name = field.getKey().toLowerCase(Locale.ROOT);
      if (name.contentEquals(HttpHeaderNames.HOST)) {
        head.authority(field.getValue());
      } else {
        head.add(name, field.getValue());
      }
    }
    return head;
  }

  @Override
  public void addCodec(ChannelPipeline pipeline) {
    connection.addTo(pipeline);
  }

  /** The server's settings come first. */
  @Override
  public boolean hasHandshake() {
    return true;
  }

  @Override
  public boolean isEnding() {
    return ending;
  }

  // Requests

  @Override
  public List<?> encode(Request request, ByteBufAllocator allocator) {
    Http2FrameStream stream = connection.newStream();
    underWay.put(stream, new UnderWay(request.sequence(), check.expect(request)));
    if (body == null) {
      return List.of(new DefaultHttp2HeadersFrame(head, true).stream(stream));
    }
    ByteSequence bytes = body.apply(request);
    ByteBuf content = allocator.directBuffer(bytes.length());
    bytes.writeTo(content);
    Http2Headers fields =
        new DefaultHttp2Headers()
            .setAll(head)
            .setInt(HttpHeaderNames.CONTENT_LENGTH, bytes.length());
    return List.of(
        new DefaultHttp2HeadersFrame(fields, false).stream(stream),
        new DefaultHttp2DataFrame(content, true).stream(stream));
  }

  // Answers

  @Override
  public void receive(Object message, Answers answers) throws WrongAnswerException {
    if (message instanceof Http2HeadersFrame frame) {
      ReceivedAnswer answer = underWay(frame.stream()).answer();
      head(answer, frame);
      endIf(frame.isEndStream(), frame.stream(), answers);
    } else if (message instanceof Http2DataFrame data) {
      underWay(data.stream()).answer().part(data.content(), answers);
      endIf(data.isEndStream(), data.stream(), answers);
    } else if (message instanceof Http2GoAwayFrame goAway) {
      ending = true;
      leaveAside(goAway.lastStreamId(), answers);
    } else if (message instanceof Http2ResetFrame reset) {
      reset(reset);
    }
  }

  private UnderWay underWay(Http2FrameStream stream) throws WrongAnswerException {
    UnderWay found = underWay.get(stream);
    if (found == null) {
      throw new WrongAnswerException(
          "an answer came back on stream " + stream.id() + ", expected none", 0);
    }
    return found;
  }

  /** There may be interim responses in front of an answer, and trailers behind it. */
  private static void head(ReceivedAnswer answer, Http2HeadersFrame frame) {
    if (answer.hasHead()) {
      return;
    }
    int status = status(frame);
    if (HttpStatusClass.valueOf(status) != HttpStatusClass.INFORMATIONAL) {
      answer.head(status);
    }
  }

  private static int status(Http2HeadersFrame frame) {
    @Nullable CharSequence status = frame.headers().status();
    if (status == null || !status.toString().matches("[1-9]\\d\\d")) {
      throw new DecoderException(
          "stream " + frame.stream().id() + " has status " + status + ", expected three digits");
    }
    return Integer.parseInt(status.toString());
  }

  private void endIf(boolean ended, Http2FrameStream stream, Answers answers)
      throws WrongAnswerException {
    if (ended) {
      UnderWay complete = underWay(stream);
      underWay.remove(stream);
      if (!complete.answer().hasHead()) {
        throw new DecoderException("stream " + stream.id() + " ended without a final status");
      }
      complete.answer().end(answers);
    }
  }

  /** What was sent on later streams is not processed. */
  private void leaveAside(int lastStream, Answers answers) throws WrongAnswerException {
    List<Http2FrameStream> later =
        underWay.keySet().stream().filter(stream -> stream.id() > lastStream).toList();
    for (Http2FrameStream stream : later) {
      UnderWay left = underWay(stream);
      underWay.remove(stream);
      answers.unprocessed(left.sequence());
    }
  }

  /** A server that has answered may refuse what it has not read of the request. */
  private void reset(Http2ResetFrame reset) {
    if (underWay.containsKey(reset.stream())) {
      throw new DecoderException(
          "stream %d was reset with %s before its answer was complete"
              .formatted(reset.stream().id(), Http2Error.valueOf(reset.errorCode())));
    }
  }
}
