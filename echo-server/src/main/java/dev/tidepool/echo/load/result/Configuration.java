package dev.tidepool.echo.load.result;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of a load. The components are the names of the JSON.
 *
 * @param target the server's address, or the URL
 * @param threads the client's event loops
 * @param pipeline requests under way at most on each connection
 * @param ratePerSecond null without a schedule
 * @param durationNanos null: until all requests were done
 * @param requests null: no limit
 * @param warmupNanos the time before the measurement, which is in no figure
 * @param rampUpNanos the time over which the connections opened
 * @param timeoutNanos how long an answer may take
 * @param sizes payload bytes, as they were given
 * @param others what else was asked for, by the names of the options
 */
public record Configuration(
    String target,
    String protocol,
    boolean tls,
    String transport,
    int connections,
    int threads,
    int pipeline,
    @Nullable Double ratePerSecond,
    @Nullable Long durationNanos,
    @Nullable Long requests,
    long warmupNanos,
    long rampUpNanos,
    long timeoutNanos,
    String sizes,
    long seed,
    Map<String, String> others) {
  public Configuration {
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }
}
