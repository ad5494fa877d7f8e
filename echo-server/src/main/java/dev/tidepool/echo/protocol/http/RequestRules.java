package dev.tidepool.echo.protocol.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Optional;

/** What RFC 9112 demands of every request beyond what the codec checks. */
final class RequestRules {
  private static final int MOST_HEADERS = 100;

  private RequestRules() {}

  /** The first rule that {@code request} breaks. */
  static Optional<BadRequestException> broken(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return Optional.of(BadRequestException.undecodable(request.decoderResult().cause()));
    }
    HttpVersion version = request.protocolVersion();
    if (version.majorVersion() != 1) {
      return broken(
          HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, version + ", expected HTTP/1.1 or 1.0");
    }
    return brokenHeaders(request).or(() -> brokenTarget(request));
  }

  private static Optional<BadRequestException> brokenHeaders(HttpRequest request) {
    HttpHeaders headers = request.headers();
    if (headers.size() > MOST_HEADERS) {
      return broken(
          HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
          headers.size() + " header fields, expected " + MOST_HEADERS + " at most");
    }
    int hosts = headers.getAll(HttpHeaderNames.HOST).size();
    boolean needsHost = request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
    if (hosts > 1 || (needsHost && hosts == 0)) {
      return broken(HttpResponseStatus.BAD_REQUEST, hosts + " Host fields, expected one");
    }
    return brokenTransferEncoding(headers.getAll(HttpHeaderNames.TRANSFER_ENCODING));
  }

  private static Optional<BadRequestException> brokenTransferEncoding(List<String> codings) {
    for (String coding : codings) {
      if (!HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding.strip())) {
        return broken(
            HttpResponseStatus.NOT_IMPLEMENTED,
            "Transfer-Encoding '" + coding + "', expected chunked alone");
      }
    }
    return Optional.empty();
  }

  private static Optional<BadRequestException> brokenTarget(HttpRequest request) {
    String target = request.uri();
    boolean right =
        target.startsWith("/")
            || RequestTarget.isAbsolute(target)
            || HttpMethod.CONNECT.equals(request.method())
            || (HttpMethod.OPTIONS.equals(request.method()) && target.equals("*"));
    return right
        ? Optional.empty()
        : broken(
            HttpResponseStatus.BAD_REQUEST,
            "request target '" + target + "', expected a path that begins with a slash");
  }

  private static Optional<BadRequestException> broken(HttpResponseStatus status, String reason) {
    return Optional.of(new BadRequestException(status, reason));
  }
}
