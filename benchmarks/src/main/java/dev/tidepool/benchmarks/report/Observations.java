package dev.tidepool.benchmarks.report;

import java.util.List;

/** What was observed of one quantity: for each fork, its iterations. */
record Observations(List<List<Double>> forks) {
  static final Observations NONE = new Observations(List.of());

  /**
   * What may count as independent of each other: the medians of the forks' iterations. Iterations
   * of one fork share its compiled code and its memory, and count only where there is no second
   * fork.
   */
  double[] independent() {
    return forks.size() == 1
        ? toArray(forks.get(0))
        : forks.stream().mapToDouble(Observations::median).toArray();
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

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length == 0
        ? Double.NaN
        : sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
