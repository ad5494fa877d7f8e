package dev.tidepool.echo.live.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files of the page, from the class path: its own, and Chart.js from its WebJar. Each is read
 * once. A browser asks each time whether what it has is still right, by its tag.
 */
final class StaticFiles {
  /** The version in the WebJar's paths, that of the parent pom. */
  static final String CHART_JS = "4.5.1";

  private static final String PAGE = "/dev/tidepool/echo/live/page/";
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "/", PAGE + "index.html",
          "/favicon.ico", PAGE + "app/tidepool.svg",
          "/webjars/chart.js/chart.umd.js",
              "/META-INF/resources/webjars/chart.js/" + CHART_JS + "/dist/chart.umd.js");

  /** No dot begins a segment, and nothing that needs decoding is a file's name. */
  private static final Pattern OWN = Pattern.compile("/app(/[A-Za-z0-9_][A-Za-z0-9_.-]*){1,4}");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  /** Only files that are there, which are few. */
  private final Map<String, Reply> read = new ConcurrentHashMap<>();

  /**
   * @throws RefusedException if there is no such file, or it is not to be read
   */
  Reply answer(PageRequest request) {
    Reply file = find(request.path()).orElseThrow(() -> RefusedException.notFound(request.path()));
    if (!request.headOnly() && !HttpMethod.GET.equals(request.method())) {
      throw RefusedException.notAllowed(request.method().name(), "GET, HEAD");
    }
    String known = request.headers().get(HttpHeaderNames.IF_NONE_MATCH, "");
    boolean isKnown = known.contains(String.valueOf(file.headers().get(HttpHeaderNames.ETAG)));
    return isKnown ? Reply.empty(HttpResponseStatus.NOT_MODIFIED).with(file.headers()) : file;
  }

  private Optional<Reply> find(String path) {
    @Nullable String resource = ELSEWHERE.get(path);
    if (resource == null && OWN.matcher(path).matches()) {
      resource = PAGE + path.substring(1);
    }
    @Nullable String type =
        resource == null ? null : TYPES.get(resource.substring(resource.lastIndexOf('.') + 1));
    return resource == null || type == null
        ? Optional.empty()
        : Optional.ofNullable(read.computeIfAbsent(resource, name -> read(name, type)));
  }

  private static @Nullable Reply read(String resource, String type) {
    try (InputStream in = StaticFiles.class.getResourceAsStream(resource)) {
      if (in == null) {
        return null;
      }
      byte[] bytes = in.readAllBytes();
      return new Reply(
          HttpResponseStatus.OK,
          type,
          bytes,
          Map.of(HttpHeaderNames.ETAG, tag(bytes), HttpHeaderNames.CACHE_CONTROL, "no-cache"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource + " from the class path", e);
    }
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
