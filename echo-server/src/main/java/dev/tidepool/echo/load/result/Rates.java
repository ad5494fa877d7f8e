package dev.tidepool.echo.load.result;

import dev.tidepool.echo.load.LoadResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much was sent and answered. The components are the names of the JSON.
 *
 * @param offeredPerSecond the schedule's requests a second; null without a rate
 * @param scheduled requests that the schedule had and that could be answered; null without a rate
 * @param achievedPerSecond requests answered a second
 * @param failed requests that errors lost; an error that lost none is one
 * @param elapsedNanos the time in which requests began
 * @param bytesPerSecond bytes of answers that were right or not to be verified
 */
public record Rates(
    @Nullable Double offeredPerSecond,
    double achievedPerSecond,
    @Nullable Long scheduled,
    long sent,
    long answered,
    long failed,
    long elapsedNanos,
    double bytesPerSecond) {

  static Rates of(LoadResult result, @Nullable Double ratePerSecond) {
    return new Rates(
        ratePerSecond,
        perSecond(result.answered(), result.elapsed()),
        result.scheduled(),
        result.sent(),
        result.answered(),
        result.failed(),
        result.elapsed().toNanos(),
        perSecond(result.bytesVerified() + result.bytesUnverified(), result.elapsed()));
  }

  static double perSecond(long amount, Duration time) {
    return amount * 1e9 / Math.max(1, time.toNanos());
  }
}
