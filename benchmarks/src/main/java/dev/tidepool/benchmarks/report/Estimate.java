package dev.tidepool.benchmarks.report;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * A value with its 95 % confidence interval; the interval is not a number where there are too few
 * observations to tell.
 */
public record Estimate(double value, double low, double high) {
  private static final double UPPER_QUANTILE = 0.975;

  static final Estimate UNKNOWN = new Estimate(Double.NaN, Double.NaN, Double.NaN);

  /** The mean of independent observations, with Student's t interval. */
  static Estimate ofMean(double[] observed) {
    if (observed.length == 0) {
      return UNKNOWN;
    }
    double mean = mean(observed);
    double half = margin(varianceOfMean(observed), observed.length - 1);
    return new Estimate(mean, mean - half, mean + half);
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
    double difference = mean(above) - mean(below);
    double va = varianceOfMean(above);
    double vb = varianceOfMean(below);
    double half = margin(va + vb, degreesOfFreedom(va, above.length, vb, below.length));
    return new Estimate(
        Math.exp(difference), Math.exp(difference - half), Math.exp(difference + half));
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

  private static double mean(double[] observed) {
    return DoubleStream.of(observed).sum() / observed.length;
  }

  private static double varianceOfMean(double[] observed) {
    double mean = mean(observed);
    double squares = DoubleStream.of(observed).map(x -> (x - mean) * (x - mean)).sum();
    return squares / (observed.length - 1) / observed.length;
  }

  boolean isKnown() {
    return !Double.isNaN(value);
  }

  boolean hasInterval() {
    return !Double.isNaN(low) && !Double.isNaN(high);
  }

  /** Half of the interval's width. */
  double margin() {
    return (high - low) / 2;
  }
}
