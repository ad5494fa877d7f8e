package dev.tidepool.echo.protocol.http2;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** The headers of the server's responses. */
final class Responses {
  private static final AsciiString PLAIN_TEXT = AsciiString.cached("text/plain; charset=utf-8");
  private static final byte[] PAGE =
      "Tidepool echo server. POST to any path, and the body comes back.\n"
          .getBytes(StandardCharsets.UTF_8);

  private Responses() {}

  static byte[] page() {
    return PAGE;
  }

  static Http2Headers status(HttpResponseStatus status) {
    return new DefaultHttp2Headers().status(status.codeAsText());
  }

  /** The head of an echo, which has the type and, if the request has one, the length. */
  static Http2Headers echo(Http2Headers request) {
    Http2Headers response = status(HttpResponseStatus.OK);
    carryOver(HttpHeaderNames.CONTENT_TYPE, request, response);
    carryOver(HttpHeaderNames.CONTENT_ENCODING, request, response);
    carryOver(HttpHeaderNames.CONTENT_LENGTH, request, response);
    return response;
  }

  private static void carryOver(AsciiString name, Http2Headers request, Http2Headers response) {
    CharSequence value = request.get(name);
    if (value != null) {
      response.set(name, value);
    }
  }

  static Http2Headers pageHead() {
    return status(HttpResponseStatus.OK)
        .set(HttpHeaderNames.CONTENT_TYPE, PLAIN_TEXT)
        .setInt(HttpHeaderNames.CONTENT_LENGTH, PAGE.length);
  }

  static Http2Headers notAllowed() {
    return status(HttpResponseStatus.METHOD_NOT_ALLOWED)
        .set(HttpHeaderNames.ALLOW, "GET, HEAD, POST, PUT");
  }
}
