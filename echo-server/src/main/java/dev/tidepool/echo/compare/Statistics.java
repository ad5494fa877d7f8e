package dev.tidepool.echo.compare;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.statistics.descriptive.Median;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.commons.statistics.inference.MannWhitneyUTest;

/**
 * The statistics of a comparison. Intervals are percentile bootstraps of 4,000 resamples, whose
 * random numbers are the same each time; p-values are of the two-sided Mann–Whitney test, exact
 * where no two values are equal.
 */
final class Statistics {
  private static final int RESAMPLES = 4_000;
  private static final long SEED = 20_250_101;
  private static final double LOW = 0.025;
  private static final double HIGH = 0.975;
  private static final Median MEDIAN = Median.withDefaults().withCopy(true);

  private Statistics() {}

  /** The median; NaN of no values. */
  static double median(double... values) {
    return MEDIAN.evaluate(values);
  }

  /** The median and its interval. */
  static Estimate ofMedian(double... values) {
    if (values.length == 0) {
      return Estimate.NONE;
    }
    SplittableRandom random = new SplittableRandom(SEED);
    return interval(median(values), () -> median(resample(values, random)));
  }

  /**
   * The ratio of a median to the best of others' medians, and its interval: all are resampled, and
   * the best is chosen anew in each resample.
   *
   * @param best of two medians
   */
  static Estimate ofRatio(double[] values, Collection<double[]> others, DoubleBinaryOperator best) {
    List<double[]> known = others.stream().filter(other -> other.length > 0).toList();
    if (values.length == 0 || known.isEmpty()) {
      return Estimate.NONE;
    }
    SplittableRandom random = new SplittableRandom(SEED);
    return interval(
        median(values) / best(known, best, Statistics::median),
        () ->
            median(resample(values, random))
                / best(known, best, other -> median(resample(other, random))));
  }

  private static double best(
      List<double[]> samples, DoubleBinaryOperator best, ToDoubleFunction<double[]> median) {
    return samples.stream().mapToDouble(median).reduce(best).orElseThrow();
  }

  private static Estimate interval(double value, DoubleSupplier resampled) {
    double[] all =
        IntStream.range(0, RESAMPLES)
            .mapToDouble(i -> resampled.getAsDouble())
            .filter(each -> !Double.isNaN(each))
            .toArray();
    if (all.length == 0) {
      return new Estimate(value, Double.NaN, Double.NaN);
    }
    double[] ends = Quantile.withDefaults().evaluate(all, LOW, HIGH);
    return new Estimate(value, ends[0], ends[1]);
  }

  private static double[] resample(double[] values, SplittableRandom random) {
    double[] drawn = new double[values.length];
    Arrays.setAll(drawn, i -> values[random.nextInt(values.length)]);
    return drawn;
  }

  /**
   * The probability of values that differ as much or more, if both come from the same distribution:
   * 1 where all are equal or there are none.
   */
  static double pValue(double[] values, double[] others) {
    if (values.length == 0 || others.length == 0) {
      return 1;
    }
    double p = MannWhitneyUTest.withDefaults().test(values, others).getPValue();
    return Double.isNaN(p) ? 1 : p;
  }

  /** The least p-value that two samples of so many values each can have: 2 / C(2n, n). */
  static double leastPValue(int each) {
    double orders = 1;
    for (int i = 1; i <= each; i++) {
      orders *= (double) (each + i) / i;
    }
    return Math.min(1, 2 / orders);
  }

  /**
   * The p-values, corrected by Holm's method for that there are so many: in the order they came in.
   */
  static double[] holm(double... pValues) {
    List<Integer> ascending =
        IntStream.range(0, pValues.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> pValues[i]))
            .toList();
    double[] corrected = new double[pValues.length];
    double least = 0;
    for (int rank = 0; rank < pValues.length; rank++) {
      int index = ascending.get(rank);
      least = Math.max(least, Math.min(1, (pValues.length - rank) * pValues[index]));
      corrected[index] = least;
    }
    return corrected;
  }

  static double[] values(List<RunResult> runs, ToDoubleFunction<RunResult> figure) {
    return runs.stream().mapToDouble(figure).filter(value -> !Double.isNaN(value)).toArray();
  }
}
