package dev.tidepool.echo.live.http;

import dev.tidepool.echo.figures.Json;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A response that is made. Immutable. */
final class Reply implements Answer {
  private static final String JSON = "application/json; charset=utf-8";

  private final HttpResponseStatus status;
  private final String contentType;
  private final byte[] body;
  private final Map<AsciiString, String> headers;

  /**
   * @param body its bytes, not to be changed
   * @param headers those beyond the type, the length and what every response has
   */
  Reply(
      HttpResponseStatus status,
      String contentType,
      byte[] body,
      Map<AsciiString, String> headers) {
    this.status = status;
    this.contentType = contentType;
    this.body = body;
    this.headers = headers;
  }

  /** {@code value} as JSON. */
  static Reply json(Object value) {
    return json(HttpResponseStatus.OK, value);
  }

  static Reply json(HttpResponseStatus status, Object value) {
    return new Reply(status, JSON, Json.bytes(value), Map.of());
  }

  static Reply text(String contentType, String text) {
    return new Reply(
        HttpResponseStatus.OK, contentType, text.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  /** A response without a body. */
  static Reply empty(HttpResponseStatus status) {
    return new Reply(status, "", new byte[0], Map.of());
  }

  /** The headers beyond the type, the length and what every response has. */
  Map<AsciiString, String> headers() {
    return headers;
  }

  Reply with(Map<AsciiString, String> more) {
    return new Reply(status, contentType, body, more);
  }

  /** The message, whose body is left out if only the head was asked for. */
  FullHttpResponse toMessage(boolean headOnly) {
    FullHttpResponse message =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            status,
            headOnly ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
    if (!contentType.isEmpty()) {
      message.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    }
    headers.forEach(message.headers()::set);
    if (!hasNoLength()) {
      HttpUtil.setContentLength(message, body.length);
    }
    return message;
  }

  /** RFC 9110, section 8.6. */
  private boolean hasNoLength() {
    return status.equals(HttpResponseStatus.NO_CONTENT)
        || status.equals(HttpResponseStatus.NOT_MODIFIED);
  }
}
