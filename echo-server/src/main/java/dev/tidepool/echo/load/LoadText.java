package dev.tidepool.echo.load;

import static dev.tidepool.echo.figures.Figures.bytes;
import static dev.tidepool.echo.figures.Figures.count;
import static dev.tidepool.echo.figures.Figures.format;
import static dev.tidepool.echo.figures.Figures.nanos;
import static dev.tidepool.echo.figures.Figures.rate;
import static dev.tidepool.echo.figures.Figures.seconds;
import static dev.tidepool.echo.figures.Summary.line;

import dev.tidepool.echo.figures.Summary;
import java.util.ArrayList;
import java.util.List;

/** The figures of a load, in a few lines. */
public record LoadText(LoadResult result) implements Summary {
  private static final double MEBIBYTE = 1 << 20;

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(line("requests", count(result.answered()) + " in " + seconds(result.elapsed())));
    lines.add(line("throughput", throughput()));
    lines.add(line("latency", latency()));
    lines.add(
        line("bytes verified", count(result.bytesVerified()) + inUnits(result.bytesVerified())));
    lines.add(line("bytes mismatched", count(result.bytesMismatched())));
    if (result.interrupted()) {
      lines.add(line("interrupted", "by a signal; these are the figures until then"));
    }
    result.errors().forEach((cause, count) -> lines.add(line("errors: " + cause, count(count))));
    LoadFailure failure = result.failure();
    if (failure != null) {
      lines.add(line("failed", failure.toString()));
    }
    return lines;
  }

  private String throughput() {
    double seconds = Math.max(1, result.elapsed().toNanos()) / 1e9;
    return rate(result.answered() / seconds)
        + " requests/s, "
        + format("%,.1f MiB/s", result.bytesVerified() / seconds / MEBIBYTE);
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
        + nanos(result.latencies().getMaxValue());
  }

  private String percentile(double percentile) {
    return nanos(result.latencies().getValueAtPercentile(percentile));
  }

  private static String inUnits(long bytes) {
    return bytes < 1024 ? "" : " (" + bytes(bytes) + ")";
  }
}
