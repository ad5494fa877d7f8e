package dev.tidepool.echo.load.live;

import dev.tidepool.echo.load.LoadSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a load is to do, as far as its progress is told by it.
 *
 * @param ratePerSecond the schedule's; null without one
 * @param duration of the whole, ramp-up and warm-up included; null: until all requests are done
 * @param requests null: as many as the duration allows
 */
public record LoadPlan(
    @Nullable Double ratePerSecond, @Nullable Duration duration, @Nullable Long requests) {

  /** Of a load's settings. */
  public static LoadPlan of(LoadSettings settings) {
    Duration duration = settings.duration();
    return new LoadPlan(
        settings.ratePerSecond(),
        duration == null ? null : duration.plus(settings.warmup()).plus(settings.rampUp()),
        settings.requests());
  }

  /** The share that is done, from 0 to 1; below 0 if the end is not known. */
  double share(long elapsedNanos, long answered) {
    double ofTime = duration == null ? -1 : (double) elapsedNanos / duration.toNanos();
    double ofRequests = requests == null ? -1 : (double) answered / requests;
    return Math.min(1, Math.max(ofTime, ofRequests));
  }
}
