package dev.tidepool.echo.load;

import static dev.tidepool.echo.figures.Figures.bytes;
import static dev.tidepool.echo.figures.Figures.count;
import static dev.tidepool.echo.figures.Figures.format;
import static dev.tidepool.echo.figures.Figures.nanos;
import static dev.tidepool.echo.figures.Figures.rate;
import static dev.tidepool.echo.figures.Figures.seconds;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Tells a load's result in a few lines. */
public final class LoadReport {
  private static final double MEBIBYTE = 1 << 20;

  private LoadReport() {}

  public static List<String> lines(LoadResult result) {
    List<String> lines = new ArrayList<>();
    lines.add(line("requests", count(result.requests()) + " in " + seconds(result.elapsed())));
    lines.add(line("throughput", throughput(result)));
    lines.add(line("latency", latency(result.latencies())));
    lines.add(
        line("bytes verified", count(result.bytesVerified()) + inUnits(result.bytesVerified())));
    lines.add(line("bytes mismatched", count(result.bytesMismatched())));
    if (result.interrupted()) {
      lines.add(line("interrupted", "by a signal; these are the figures until then"));
    }
    if (result.failure() != null) {
      lines.add(line("failed", result.failure().toString()));
    }
    return lines;
  }

  private static String throughput(LoadResult result) {
    return rate(result.requestsPerSecond())
        + " requests/s, "
        + format("%,.1f MiB/s", result.bytesPerSecond() / MEBIBYTE);
  }

  private static String latency(Histogram latencies) {
    return "p50 "
        + percentile(latencies, 50)
        + ", p90 "
        + percentile(latencies, 90)
        + ", p99 "
        + percentile(latencies, 99)
        + ", p99.9 "
        + percentile(latencies, 99.9)
        + ", max "
        + nanos(latencies.getMaxValue());
  }

  private static String percentile(Histogram latencies, double percentile) {
    return nanos(latencies.getValueAtPercentile(percentile));
  }

  private static String inUnits(long bytes) {
    return bytes < 1024 ? "" : " (" + bytes(bytes) + ")";
  }

  private static String line(String name, String figures) {
    return format("  %-18s%s", name, figures);
  }
}
