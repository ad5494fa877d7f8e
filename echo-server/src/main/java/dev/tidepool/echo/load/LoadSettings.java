package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.tls.ClientTls;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a load.
 *
 * @param duration no request begins after it; null: until all requests are done
 * @param requests of all connections together; null: as many as the duration allows
 * @param pipeline requests that a connection has under way at once
 * @param tls null: none
 */
public record LoadSettings(
    InetSocketAddress address,
    Protocol protocol,
    int connections,
    @Nullable Duration duration,
    @Nullable Long requests,
    SizeMix sizes,
    int pipeline,
    long seed,
    int eventLoops,
    Duration connectTimeout,
    Duration requestTimeout,
    @Nullable ClientTls tls) {

  public LoadSettings {
    if (duration == null && requests == null) {
      throw new IllegalArgumentException(
          "a load without end, expected a duration or a number of requests");
    }
  }

  /** How many of the requests are this connection's. */
  long quota(int connection) {
    if (requests == null) {
      return Long.MAX_VALUE;
    }
    return requests / connections + (connection < requests % connections ? 1 : 0);
  }

  RequestPlan plan(int connection) {
    return new RequestPlan(sizes, seed, connection);
  }
}
