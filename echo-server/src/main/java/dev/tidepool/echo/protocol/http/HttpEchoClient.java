package dev.tidepool.echo.protocol.http;

import dev.tidepool.echo.figures.Failures;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.WrongAnswerException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Posts payloads, every other one chunked, and verifies that they come back, with the same type and
 * framing.
 */
final class HttpEchoClient implements ProtocolClient {
  private static final int LONGEST_LINE = 4096;
  private static final int LARGEST_HEAD = 8192;
  private static final int LARGEST_CONTENT = 64 << 10;

  private final EchoVerifier verifier;

  HttpEchoClient(LongFunction<Request> requests) {
    this.verifier = new EchoVerifier(requests, Request::payload);
  }

  @Override
  public void addCodec(ChannelPipeline pipeline) {
    pipeline.addLast(new HttpClientCodec(LONGEST_LINE, LARGEST_HEAD, LARGEST_CONTENT));
  }

  // Requests

  private static boolean isChunked(Request request) {
    return request.sequence() % 2 == 1;
  }

  /** The response says which request it belongs to, since it carries this over. */
  private static String contentType(Request request) {
    return "application/octet-stream; request=" + request.sequence();
  }

  @Override
  public List<?> encode(Request request, ByteBufAllocator allocator) {
    verifier.sent();
    List<HttpObject> messages = new ArrayList<>();
    messages.add(head(request));
    if (request.payload().length() > 0) {
      addContents(messages, request, allocator);
    }
    messages.add(LastHttpContent.EMPTY_LAST_CONTENT);
    return messages;
  }

  private static HttpRequest head(Request request) {
    HttpRequest head =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, RequestTarget.ECHO_PATH);
    head.headers().set(HttpHeaderNames.HOST, "tidepool");
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType(request));
    if (isChunked(request)) {
      head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    } else {
      HttpUtil.setContentLength(head, request.payload().length());
    }
    return head;
  }

  private static void addContents(
      List<HttpObject> messages, Request request, ByteBufAllocator allocator) {
    ByteBuf payload = allocator.directBuffer(request.payload().length());
    request.payload().writeTo(payload);
    while (payload.readableBytes() > LARGEST_CONTENT) {
      messages.add(new DefaultHttpContent(payload.readRetainedSlice(LARGEST_CONTENT)));
    }
    messages.add(new DefaultHttpContent(payload));
  }

  // Answers

  @Override
  public void receive(Object message, Answers answers) throws WrongAnswerException {
    Request request = verifier.due();
    if (((HttpObject) message).decoderResult().isFailure()) {
      String reason = Failures.reason(((HttpObject) message).decoderResult().cause());
      throw verifier.wrong("a part that is no HTTP: " + reason, 0);
    }
    if (message instanceof HttpResponse response) {
      verifyHead(request, response);
    }
    if (message instanceof HttpContent content) {
      verifier.verify(content.content(), answers);
    }
    if (message instanceof LastHttpContent) {
      verifier.end(answers);
    }
  }

  private void verifyHead(Request request, HttpResponse response) throws WrongAnswerException {
    verify("status", response.status(), HttpResponseStatus.OK);
    verify(
        "Content-Type", response.headers().get(HttpHeaderNames.CONTENT_TYPE), contentType(request));
    if (isChunked(request)) {
      verify("chunked", HttpUtil.isTransferEncodingChunked(response), true);
    } else {
      long length = HttpUtil.getContentLength(response, -1L);
      verify("Content-Length", length, (long) request.payload().length());
    }
  }

  private void verify(String what, Object found, Object expected) throws WrongAnswerException {
    if (!expected.equals(found)) {
      throw verifier.wrong(what + " " + found + ", expected " + expected, 0);
    }
  }
}
