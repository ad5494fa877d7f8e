package dev.tidepool.echo.protocol.http;

import dev.tidepool.echo.figures.Failures;
import dev.tidepool.echo.protocol.ByteSequence;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.WrongAnswerException;
import dev.tidepool.echo.protocol.url.AnswerCheck;
import dev.tidepool.echo.protocol.url.HttpTarget;
import dev.tidepool.echo.protocol.url.ReceivedAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Sends one request of HTTP/1.1 again and again, and verifies what any server answers. */
final class HttpTargetClient implements ProtocolClient {
  /** More than the servers of the field send by default. */
  private static final int LARGEST_HEAD = 64 << 10;

  private static final int LARGEST_CONTENT = 64 << 10;

  private final HttpMethod method;
  private final String path;
  private final HttpHeaders headers;
  private final @Nullable Function<Request, ByteSequence> body;
  private final AnswerCheck check;
  private final LongFunction<Request> requests;

  /** Whether the requests ask the server to close the connection. */
  private final boolean asksToClose;

  private long encoded;

  /** The oldest request whose answer is not complete. */
  private long sequence;

  /** What arrives now; null between answers, and in a response that is none. */
  private @Nullable ReceivedAnswer answer;

  private boolean closes;

  HttpTargetClient(HttpTarget target, AnswerCheck check, LongFunction<Request> requests) {
    this.method = HttpMethod.valueOf(target.method());
    this.path = target.url().path();
    this.headers = headers(target);
    this.body = target.body();
    this.check = check;
    this.requests = requests;
    this.asksToClose =
        headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
  }

  private static HttpHeaders headers(HttpTarget target) {
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
    target.headers().forEach(field -> headers.add(field.getKey(), field.getValue()));
    if (!headers.contains(HttpHeaderNames.HOST)) {
      headers.set(HttpHeaderNames.HOST, target.url().authority());
    }
    return headers;
  }

  @Override
  public void addCodec(ChannelPipeline pipeline) {
    HttpDecoderConfig limits =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(LARGEST_HEAD)
            .setMaxHeaderSize(LARGEST_HEAD)
            .setMaxChunkSize(LARGEST_CONTENT);
    pipeline.addLast(new HttpClientCodec(limits, false, false));
  }

  @Override
  public boolean isEnding() {
    return closes || (asksToClose && encoded > 0);
  }

  // Requests

  @Override
  public List<?> encode(Request request, ByteBufAllocator allocator) {
    encoded++;
    if (body == null) {
      return List.of(message(Unpooled.EMPTY_BUFFER, headers));
    }
    ByteSequence bytes = body.apply(request);
    ByteBuf content = allocator.directBuffer(bytes.length());
    bytes.writeTo(content);
    return List.of(message(content, withLength(content.readableBytes())));
  }

  private FullHttpRequest message(ByteBuf content, HttpHeaders fields) {
    return new DefaultFullHttpRequest(
        HttpVersion.HTTP_1_1, method, path, content, fields, EmptyHttpHeaders.INSTANCE);
  }

  /** A body that is chunked has none. */
  private HttpHeaders withLength(int length) {
    return headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
        ? headers
        : headers.copy().set(HttpHeaderNames.CONTENT_LENGTH, length);
  }

  // Answers

  @Override
  public void receive(Object message, Answers answers) throws WrongAnswerException {
    HttpObject part = (HttpObject) message;
    if (part.decoderResult().isFailure()) {
      String reason = Failures.reason(part.decoderResult().cause());
      throw new DecoderException("answer to request " + sequence + " is no HTTP: " + reason);
    }
    if (part instanceof HttpResponse response) {
      head(response);
    }
    if (answer != null && part instanceof HttpContent content) {
      answer.part(content.content(), answers);
      if (part instanceof LastHttpContent) {
        end(answer, answers);
      }
    }
  }

  private void head(HttpResponse response) throws WrongAnswerException {
    HttpResponseStatus status = response.status();
    if (status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      throw new DecoderException(
          "answer to request " + sequence + " switches protocols, expected one of HTTP/1.1");
    }
    if (status.codeClass() == HttpStatusClass.INFORMATIONAL || isFarewell(status)) {
      return;
    }
    if (sequence == encoded) {
      throw new WrongAnswerException(
          "an answer with status " + status + " came back, expected none", 0);
    }
    answer = check.expect(requests.apply(sequence));
    answer.head(status.code());
    closes |= !HttpUtil.isKeepAlive(response) || isEndedByClosing(response);
  }

  /** Servers may tell a connection without requests that they close it. */
  private boolean isFarewell(HttpResponseStatus status) {
    boolean isFarewell = sequence == encoded && status.equals(HttpResponseStatus.REQUEST_TIMEOUT);
    closes |= isFarewell;
    return isFarewell;
  }

  private boolean isEndedByClosing(HttpResponse response) {
    int status = response.status().code();
    boolean isEmpty = status == 204 || status == 304 || method.equals(HttpMethod.HEAD);
    return !isEmpty
        && !HttpUtil.isContentLengthSet(response)
        && !HttpUtil.isTransferEncodingChunked(response);
  }

  private void end(ReceivedAnswer complete, Answers answers) throws WrongAnswerException {
    answer = null;
    sequence++;
    complete.end(answers);
    while (closes && sequence < encoded) {
      answers.unprocessed(sequence++);
    }
  }
}
