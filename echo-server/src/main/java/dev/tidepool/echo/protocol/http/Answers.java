package dev.tidepool.echo.protocol.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The responses of the server, but for what keeps the connection alive. */
final class Answers {
  static final String PAGE =
      "Tidepool echo server. POST to any path, and the body comes back; a WebSocket at "
          + RequestTarget.WEB_SOCKET_PATH
          + " echoes its messages.\n";

  private static final byte[] PAGE_BYTES = PAGE.getBytes(StandardCharsets.UTF_8);
  private static final AsciiString PLAIN_TEXT = AsciiString.cached("text/plain; charset=utf-8");

  private Answers() {}

  /** The head of an echo, which has the length, or is chunked, as the request. */
  static HttpResponse echo(HttpRequest request) {
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    carryOver(HttpHeaderNames.CONTENT_TYPE, request, response);
    carryOver(HttpHeaderNames.CONTENT_ENCODING, request, response);
    if (HttpUtil.isTransferEncodingChunked(request)) {
      response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    } else {
      HttpUtil.setContentLength(response, HttpUtil.getContentLength(request, 0L));
    }
    return response;
  }

  private static void carryOver(AsciiString name, HttpRequest request, HttpResponse response) {
    String value = request.headers().get(name);
    if (value != null) {
      response.headers().set(name, value);
    }
  }

  /** The page, or its head alone. */
  static FullHttpResponse page(ByteBufAllocator allocator, boolean headOnly) {
    return text(HttpResponseStatus.OK, PAGE_BYTES, allocator, headOnly);
  }

  static FullHttpResponse methods(RequestTarget target) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT, Unpooled.EMPTY_BUFFER);
    response.headers().set(HttpHeaderNames.ALLOW, target.allowed());
    return response;
  }

  static FullHttpResponse notAllowed(
      RequestTarget target, ByteBufAllocator allocator, boolean headOnly) {
    FullHttpResponse response =
        error(HttpResponseStatus.METHOD_NOT_ALLOWED, null, allocator, headOnly);
    response.headers().set(HttpHeaderNames.ALLOW, target.allowed());
    return response;
  }

  static FullHttpResponse upgradeRequired(ByteBufAllocator allocator) {
    FullHttpResponse response =
        error(
            HttpResponseStatus.UPGRADE_REQUIRED,
            "expected a WebSocket handshake of version 13",
            allocator,
            false);
    response.headers().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
    response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
    return response;
  }

  static FullHttpResponse toContinue() {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);
  }

  /**
   * A response whose body is its status in words.
   *
   * @param reason more words; null: none
   */
  static FullHttpResponse error(
      HttpResponseStatus status,
      @Nullable String reason,
      ByteBufAllocator allocator,
      boolean headOnly) {
    String text = reason == null ? status + "\n" : status + ": " + reason + "\n";
    return text(status, text.getBytes(StandardCharsets.UTF_8), allocator, headOnly);
  }

  private static FullHttpResponse text(
      HttpResponseStatus status, byte[] bytes, ByteBufAllocator allocator, boolean headOnly) {
    ByteBuf body =
        headOnly ? Unpooled.EMPTY_BUFFER : allocator.buffer(bytes.length).writeBytes(bytes);
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, PLAIN_TEXT);
    HttpUtil.setContentLength(response, bytes.length);
    return response;
  }
}
