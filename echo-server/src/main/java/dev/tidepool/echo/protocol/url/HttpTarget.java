package dev.tidepool.echo.protocol.url;

import dev.tidepool.echo.protocol.ByteSequence;
import dev.tidepool.echo.protocol.Request;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a load requests of an HTTP server, again and again.
 *
 * @param method of every request, as {@code GET}
 * @param headers more fields of every request, beside those that the protocol requires
 * @param body of a request; null: none has a body
 */
public record HttpTarget(
    TargetUrl url,
    String method,
    List<Map.Entry<String, String>> headers,
    @Nullable Function<Request, ByteSequence> body) {

  public HttpTarget {
    headers = List.copyOf(headers);
  }
}
