package dev.tidepool.echo.load.result;

import static dev.tidepool.echo.figures.Figures.count;
import static dev.tidepool.echo.figures.Figures.format;
import static dev.tidepool.echo.figures.Figures.nanos;

import java.util.List;

/** A histogram in lines, each with a bar. */
final class HistogramText {
  private static final int WIDTH = 40;

  private HistogramText() {}

  static List<String> lines(List<HistogramBucket> buckets) {
    long most = buckets.stream().mapToLong(HistogramBucket::count).max().orElse(0);
    return buckets.stream().map(bucket -> line(bucket, most)).toList();
  }

  private static String line(HistogramBucket bucket, long most) {
    return format(
            "  to %-12s%13s  %s",
            nanos(bucket.toNanos()), count(bucket.count()), "#".repeat(width(bucket.count(), most)))
        .stripTrailing();
  }

  /** What is there has one mark at least. */
  private static int width(long count, long most) {
    return count == 0 ? 0 : (int) Math.max(1, Math.round((double) count * WIDTH / most));
  }
}
