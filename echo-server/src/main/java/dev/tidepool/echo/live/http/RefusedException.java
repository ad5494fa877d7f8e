package dev.tidepool.echo.live.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.util.Map;

/** A request that is refused, and the sentence that tells its sender why. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient HttpResponseStatus status;
  private final transient Map<AsciiString, String> headers;

  RefusedException(HttpResponseStatus status, String sentence) {
    this(status, sentence, Map.of());
  }

  private RefusedException(
      HttpResponseStatus status, String sentence, Map<AsciiString, String> headers) {
    super(sentence, null, false, false); // its stack is of no use: the sender is at fault
    this.status = status;
    this.headers = headers;
  }

  static RefusedException notFound(String path) {
    return new RefusedException(
        HttpResponseStatus.NOT_FOUND, "there is nothing at '" + path + "' on this page's server");
  }

  static RefusedException notAllowed(String method, String allowed) {
    return new RefusedException(
        HttpResponseStatus.METHOD_NOT_ALLOWED,
        "method " + method + ", expected one of " + allowed,
        Map.of(HttpHeaderNames.ALLOW, allowed));
  }

  /** The server cannot take this now. */
  static RefusedException busy(String sentence) {
    return new RefusedException(
        HttpResponseStatus.SERVICE_UNAVAILABLE, sentence, Map.of(HttpHeaderNames.RETRY_AFTER, "5"));
  }

  Reply reply() {
    return Reply.json(status, Map.of("error", String.valueOf(getMessage()))).with(headers);
  }
}
