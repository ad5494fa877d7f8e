package dev.tidepool.echo.compare;

import dev.tidepool.echo.compare.RunResult.Latency;
import dev.tidepool.echo.load.ErrorCause;
import dev.tidepool.echo.load.LoadResult;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the load's process measured of one job.
 *
 * @param latency from the intended time where there is a rate, else from the sending
 * @param clientBusy the part of its core that the client's busiest event loop used
 * @param failure the first error; null if there was none
 */
public record LoadFigures(
    long elapsedNanos,
    long sent,
    long answered,
    long mismatchedBytes,
    Latency latency,
    Map<String, Long> errors,
    double clientBusy,
    long latestSendNanos,
    @Nullable String failure) {
  private static final double SECOND_NANOS = 1e9;

  static LoadFigures of(LoadResult result) {
    Map<String, Long> errors = new TreeMap<>();
    result.errors().forEach((cause, count) -> errors.put(cause.toString(), count));
    long nanos = Math.max(1, result.elapsed().toNanos());
    return new LoadFigures(
        nanos,
        result.sent(),
        result.answered(),
        result.bytesMismatched(),
        Spectrum.of(
            result.intendedLatencies() == null ? result.latencies() : result.intendedLatencies()),
        errors,
        (double) result.client().busiestLoopNanos() / nanos,
        result.client().latestSendNanos(),
        result.failure() == null ? null : result.failure().toString());
  }

  long wrongAnswers() {
    return errors.getOrDefault(ErrorCause.MISMATCH.toString(), 0L);
  }

  double perSecond() {
    return answered * SECOND_NANOS / elapsedNanos;
  }
}
