package dev.tidepool.echo.live.http;

import dev.tidepool.echo.figures.Failures;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpContentException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is demanded of a request before it is looked at: that it is HTTP/1.1 or 1.0, that it is for
 * this server by name, and that no page of another site sent it.
 *
 * <p>A browser lets no page send the header {@value #OWN_HEADER} to another site without asking
 * that site first, and the answer here is always no. So what changes anything demands that header.
 */
final class RequestCheck {
  /** What a request that changes anything has to have, with the value 1. */
  static final String OWN_HEADER = "X-Tidepool";

  private static final String FETCH_SITE = "Sec-Fetch-Site";
  private static final String FETCH_MODE = "Sec-Fetch-Mode";
  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final OwnNames names;

  RequestCheck(OwnNames names) {
    this.names = names;
  }

  /**
   * @param local the address at which the connection was accepted
   * @throws RefusedException if the request does not pass
   */
  void check(HttpRequest request, InetSocketAddress local) {
    requireDecoded(request);
    requireTarget(request.uri());
    requireOwnHost(request, names.at(local));
    requireOwnSite(request);
    if (!READING.contains(request.method())) {
      requireOwnHeader(request.headers());
    }
  }

  private static void requireDecoded(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      Throwable failure = request.decoderResult().cause();
      throw new RefusedException(statusOf(failure), "bad request: " + Failures.reason(failure));
    }
    if (request.protocolVersion().majorVersion() != 1) {
      throw new RefusedException(
          HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED,
          request.protocolVersion() + ", expected HTTP/1.1 or 1.0");
    }
  }

  private static HttpResponseStatus statusOf(Throwable failure) {
    if (failure instanceof TooLongHttpLineException) {
      return HttpResponseStatus.REQUEST_URI_TOO_LONG;
    }
    if (failure instanceof TooLongHttpContentException) {
      return HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE;
    }
    return failure instanceof TooLongHttpHeaderException
        ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        : HttpResponseStatus.BAD_REQUEST;
  }

  private static void requireTarget(String target) {
    if (!target.startsWith("/")) {
      throw new RefusedException(
          HttpResponseStatus.BAD_REQUEST,
          "request target '" + target + "', expected a path that begins with a slash");
    }
  }

  /** No browser speaks HTTP/1.0, which has no Host. */
  private static void requireOwnHost(HttpRequest request, Set<String> own) {
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.isEmpty() && request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      return;
    }
    if (hosts.size() != 1) {
      throw new RefusedException(
          HttpResponseStatus.BAD_REQUEST, hosts.size() + " Host headers, expected one");
    }
    if (!own.contains(hosts.get(0).toLowerCase(Locale.ROOT))) {
      throw new RefusedException(
          HttpResponseStatus.MISDIRECTED_REQUEST,
          "Host is '" + hosts.get(0) + "', expected " + String.join(" or ", own));
    }
  }

  /** A link on another site may lead here, but its scripts and pictures may not. */
  private static void requireOwnSite(HttpRequest request) {
    HttpHeaders headers = request.headers();
    @Nullable String site = headers.get(FETCH_SITE);
    boolean isLink =
        READING.contains(request.method()) && "navigate".equals(headers.get(FETCH_MODE));
    if (site != null && !site.equals("same-origin") && !site.equals("none") && !isLink) {
      throw forbidden(FETCH_SITE + " is '" + site + "', expected same-origin");
    }
    @Nullable String origin = headers.get(HttpHeaderNames.ORIGIN);
    String own = "http://" + headers.get(HttpHeaderNames.HOST, "");
    if (origin != null && !origin.equalsIgnoreCase(own)) {
      throw forbidden("Origin is '" + origin + "', expected " + own);
    }
  }

  private static void requireOwnHeader(HttpHeaders headers) {
    if (!headers.getAll(OWN_HEADER).equals(List.of("1"))) {
      throw forbidden("the header " + OWN_HEADER + " is missing, expected " + OWN_HEADER + ": 1");
    }
  }

  private static RefusedException forbidden(String sentence) {
    return new RefusedException(HttpResponseStatus.FORBIDDEN, sentence);
  }
}
