package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.Estimate;
import java.util.List;
import org.apache.commons.math3.stat.StatUtils;

/** What was observed of one quantity: for each fork, its iterations. */
record Observations(List<List<Double>> forks) {
  static final Observations NONE = new Observations(List.of());

  private static final int MEDIAN = 50;

  /**
   * What may count as independent of each other: the medians of the forks' iterations. Iterations
   * of one fork share its compiled code and its memory, and count only where there is no second
   * fork.
   */
  double[] independent() {
    return forks.size() == 1
        ? toArray(forks.get(0))
        : forks.stream().mapToDouble(fork -> StatUtils.percentile(toArray(fork), MEDIAN)).toArray();
  }

  Estimate estimate() {
    return Estimate.ofMean(independent());
  }

  /** How many times as much as {@code other}. */
  Estimate times(Observations other) {
    return Estimate.ofRatio(independent(), other.independent());
  }

  private static double[] toArray(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
