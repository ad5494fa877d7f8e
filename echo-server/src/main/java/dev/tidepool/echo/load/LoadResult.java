package dev.tidepool.echo.load;

import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a load did.
 *
 * @param bytesVerified bytes that came back as they were sent, headers included
 * @param latencies nanoseconds from a request's write to the last byte of its echo
 * @param interrupted whether it was ended before its time, and these are the figures until then
 * @param failure null if nothing went wrong
 */
public record LoadResult(
    Duration elapsed,
    long requests,
    long bytesVerified,
    long bytesMismatched,
    Histogram latencies,
    boolean interrupted,
    @Nullable LoadFailure failure) {

  static LoadResult of(LoadTally tally, Duration elapsed, boolean interrupted) {
    return new LoadResult(
        elapsed,
        tally.requests(),
        tally.bytesVerified(),
        tally.bytesMismatched(),
        tally.latencies(),
        interrupted,
        tally.failure());
  }

  public double requestsPerSecond() {
    return requests / seconds();
  }

  public double bytesPerSecond() {
    return bytesVerified / seconds();
  }

  private double seconds() {
    return Math.max(1, elapsed.toNanos()) / 1e9;
  }
}
