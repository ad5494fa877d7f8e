package dev.tidepool.echo.load.result;

import java.util.OptionalLong;
import org.HdrHistogram.Histogram;

/**
 * Percentiles that have enough samples. A percentile is known if at least {@value #BEYOND} samples
 * lie beyond it: fewer say more of themselves than of what was measured.
 */
final class Percentiles {
  static final int BEYOND = 10;

  /** Percentiles have three decimals at most. */
  private static final double ROUNDING = 1e-6;

  private Percentiles() {}

  /** The value at a percentile from 0 to 100, if it is known. */
  static OptionalLong value(Histogram histogram, double percentile) {
    return beyond(histogram.getTotalCount(), percentile) >= BEYOND
        ? OptionalLong.of(histogram.getValueAtPercentile(percentile))
        : OptionalLong.empty();
  }

  /** How many of {@code samples} lie beyond a percentile. */
  static long beyond(long samples, double percentile) {
    return (long) (samples * (100 - percentile) / 100 + ROUNDING);
  }
}
