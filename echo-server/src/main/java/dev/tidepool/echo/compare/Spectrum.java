package dev.tidepool.echo.compare;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** The percentiles at which the latencies of a measurement are kept. */
final class Spectrum {
  private static final int STEPS_OF_A_DECADE = 8;
  private static final int DECADES = 4;

  /** From 0 to 99.99, as many in each tenth of what lies beyond. */
  static final List<Double> PERCENTILES = percentiles();

  private Spectrum() {}

  private static List<Double> percentiles() {
    List<Double> percentiles = new ArrayList<>();
    for (int step = 0; step <= DECADES * STEPS_OF_A_DECADE; step++) {
      percentiles.add(100 * (1 - Math.pow(10, -(double) step / STEPS_OF_A_DECADE)));
    }
    return List.copyOf(percentiles);
  }

  static RunResult.Latency of(Histogram latencies) {
    return new RunResult.Latency(
        latencies.getTotalCount(),
        latencies.getValueAtPercentile(50),
        latencies.getValueAtPercentile(99),
        latencies.getValueAtPercentile(99.9),
        latencies.getMaxValue(),
        PERCENTILES.stream().map(latencies::getValueAtPercentile).toList());
  }
}
