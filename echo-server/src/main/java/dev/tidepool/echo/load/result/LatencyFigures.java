package dev.tidepool.echo.load.result;

import java.util.OptionalLong;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Latencies in nanoseconds; null is what too few samples tell nothing of. The components are the
 * names of the JSON.
 *
 * @param count samples
 * @param p50 the median: null, as every percentile, where fewer than ten samples lie beyond it
 */
public record LatencyFigures(
    long count,
    @Nullable Long min,
    @Nullable Long mean,
    @Nullable Long p50,
    @Nullable Long p75,
    @Nullable Long p90,
    @Nullable Long p95,
    @Nullable Long p99,
    @Nullable Long p999,
    @Nullable Long p9999,
    @Nullable Long max) {

  /** Of no samples. */
  static final LatencyFigures NONE =
      new LatencyFigures(0, null, null, null, null, null, null, null, null, null, null);

  static LatencyFigures of(Histogram histogram) {
    boolean empty = histogram.getTotalCount() == 0;
    return new LatencyFigures(
        histogram.getTotalCount(),
        empty ? null : Long.valueOf(histogram.getMinValue()),
        empty ? null : Long.valueOf(Math.round(histogram.getMean())),
        percentile(histogram, 50),
        percentile(histogram, 75),
        percentile(histogram, 90),
        percentile(histogram, 95),
        percentile(histogram, 99),
        percentile(histogram, 99.9),
        percentile(histogram, 99.99),
        empty ? null : Long.valueOf(histogram.getMaxValue()));
  }

  private static @Nullable Long percentile(Histogram histogram, double percentile) {
    OptionalLong value = Percentiles.value(histogram, percentile);
    return value.isPresent() ? Long.valueOf(value.getAsLong()) : null;
  }
}
