package dev.tidepool.echo.load;

import static dev.tidepool.echo.figures.Figures.bytes;
import static dev.tidepool.echo.figures.Figures.count;
import static dev.tidepool.echo.figures.Figures.format;
import static dev.tidepool.echo.figures.Figures.nanos;
import static dev.tidepool.echo.figures.Figures.rate;
import static dev.tidepool.echo.figures.Figures.seconds;
import static dev.tidepool.echo.figures.Summary.line;

import dev.tidepool.echo.figures.Summary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a load.
 *
 * @param bytesVerified bytes of answers that were right, headers included
 * @param latencies nanoseconds from a request's write to the last byte of its answer
 * @param interrupted whether a signal ended the load early: these are the figures until then
 * @param failure null if nothing went wrong
 */
public record LoadSummary(
    Duration elapsed,
    long requests,
    long bytesVerified,
    long bytesMismatched,
    Histogram latencies,
    boolean interrupted,
    @Nullable LoadFailure failure)
    implements Summary {
  private static final double MEBIBYTE = 1 << 20;

  static LoadSummary of(LoadTally tally, Duration elapsed, boolean interrupted) {
    return new LoadSummary(
        elapsed,
        tally.requests(),
        tally.bytesVerified(),
        tally.bytesMismatched(),
        tally.latencies(),
        interrupted,
        tally.failure());
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(line("requests", count(requests) + " in " + seconds(elapsed)));
    lines.add(line("throughput", throughput()));
    lines.add(line("latency", latency()));
    lines.add(line("bytes verified", count(bytesVerified) + inUnits(bytesVerified)));
    lines.add(line("bytes mismatched", count(bytesMismatched)));
    if (interrupted) {
      lines.add(line("interrupted", "by a signal; these are the figures until then"));
    }
    if (failure != null) {
      lines.add(line("failed", failure.toString()));
    }
    return lines;
  }

  private String throughput() {
    double seconds = Math.max(1, elapsed.toNanos()) / 1e9;
    return rate(requests / seconds)
        + " requests/s, "
        + format("%,.1f MiB/s", bytesVerified / seconds / MEBIBYTE);
  }

  private String latency() {
    return "p50 "
        + percentile(50)
        + ", p90 "
        + percentile(90)
        + ", p99 "
        + percentile(99)
        + ", p99.9 "
        + percentile(99.9)
        + ", max "
        + nanos(latencies.getMaxValue());
  }

  private String percentile(double percentile) {
    return nanos(latencies.getValueAtPercentile(percentile));
  }

  private static String inUnits(long bytes) {
    return bytes < 1024 ? "" : " (" + bytes(bytes) + ")";
  }
}
