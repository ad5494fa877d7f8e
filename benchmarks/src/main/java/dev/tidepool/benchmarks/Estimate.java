package dev.tidepool.benchmarks;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;

/**
 * A value with its 95 % confidence interval; the interval is not a number where there are too few
 * observations to tell.
 */
public record Estimate(double value, double low, double high) {
  public static final Estimate UNKNOWN = new Estimate(Double.NaN, Double.NaN, Double.NaN);

  private static final double UPPER_QUANTILE = 0.975;

  /** The mean of independent observations, with Student's t interval. */
  public static Estimate ofMean(double[] observed) {
    double half = margin(varianceOfMean(observed), observed.length - 1);
    return around(StatUtils.mean(observed), half);
  }

  /**
   * How many times as large the one is as the other: the ratio of the geometric means, with Welch's
   * t interval on the difference of the logarithms. Unknown if anything observed is not positive.
   */
  public static Estimate ofRatio(double[] numerator, double[] denominator) {
    if (!arePositive(numerator) || !arePositive(denominator)) {
      return UNKNOWN;
    }
    double[] above = Arrays.stream(numerator).map(Math::log).toArray();
    double[] below = Arrays.stream(denominator).map(Math::log).toArray();
    double va = varianceOfMean(above);
    double vb = varianceOfMean(below);
    double half = margin(va + vb, degreesOfFreedom(va, above.length, vb, below.length));
    Estimate difference = around(StatUtils.mean(above) - StatUtils.mean(below), half);
    return new Estimate(
        Math.exp(difference.value), Math.exp(difference.low), Math.exp(difference.high));
  }

  private static Estimate around(double value, double half) {
    return new Estimate(value, value - half, value + half);
  }

  private static boolean arePositive(double[] observed) {
    return observed.length > 0 && DoubleStream.of(observed).allMatch(value -> value > 0);
  }

  /** By Welch and Satterthwaite. */
  private static double degreesOfFreedom(double va, int na, double vb, int nb) {
    double sum = va + vb;
    return sum == 0
        ? Math.min(na, nb) - 1.0
        : sum * sum / (va * va / (na - 1) + vb * vb / (nb - 1));
  }

  private static double margin(double variance, double degreesOfFreedom) {
    if (!(degreesOfFreedom > 0)) {
      return Double.NaN;
    }
    double t =
        new TDistribution(null, degreesOfFreedom).inverseCumulativeProbability(UPPER_QUANTILE);
    return t * Math.sqrt(variance);
  }

  private static double varianceOfMean(double[] observed) {
    return StatUtils.variance(observed) / observed.length;
  }

  /** Of the part that goes beyond {@code baseline}. */
  public Estimate minus(double baseline) {
    return new Estimate(value - baseline, low - baseline, high - baseline);
  }

  public boolean isKnown() {
    return !Double.isNaN(value);
  }

  public boolean hasInterval() {
    return !Double.isNaN(low) && !Double.isNaN(high);
  }

  /** As if exact where there is one observation: an amount of memory is what it was. */
  public Estimate orExact() {
    return hasInterval() ? this : new Estimate(value, value, value);
  }

  /** Half of the interval's width. */
  public double margin() {
    return (high - low) / 2;
  }
}
