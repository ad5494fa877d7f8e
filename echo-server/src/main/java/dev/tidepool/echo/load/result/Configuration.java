package dev.tidepool.echo.load.result;

import dev.tidepool.echo.load.LoadSettings;
import java.time.Duration;
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

  /**
   * Of a load's settings.
   *
   * @param target as the user named it
   * @param threads the event loops that there were
   */
  public static Configuration of(
      LoadSettings settings,
      String target,
      String transport,
      int threads,
      Map<String, String> others) {
    return new Configuration(
        target,
        settings.protocol().name(),
        settings.tls() != null,
        transport,
        settings.connections(),
        threads,
        settings.pipeline(),
        settings.ratePerSecond(),
        nanosOrNull(settings.duration()),
        settings.requests(),
        settings.warmup().toNanos(),
        settings.rampUp().toNanos(),
        settings.timeout().toNanos(),
        settings.sizes().toString(),
        settings.seed(),
        others);
  }

  private static @Nullable Long nanosOrNull(@Nullable Duration duration) {
    return duration == null ? null : Long.valueOf(duration.toNanos());
  }
}
