package dev.tidepool.echo.compare;

import dev.tidepool.echo.figures.Figures;

/**
 * A figure with its 95 % interval.
 *
 * @param value the median of all runs, or a ratio of medians; NaN if there is none
 * @param low the interval's lower end
 * @param high its upper end
 */
record Estimate(double value, double low, double high) {
  static final Estimate NONE = new Estimate(Double.NaN, Double.NaN, Double.NaN);

  boolean isKnown() {
    return !Double.isNaN(value) && !Double.isInfinite(value);
  }

  /** A ratio and its interval, in words. */
  String ratioWords() {
    return Figures.format("%.2f ×, %s", value, intervalWords());
  }

  /** The interval of a ratio, in words. */
  String intervalWords() {
    return end(low) + "–" + end(high);
  }

  private static String end(double value) {
    return Double.isFinite(value) ? Figures.format("%.2f", value) : "∞";
  }
}
