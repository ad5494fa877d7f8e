package dev.tidepool.echo.load.result;

import static dev.tidepool.echo.figures.Figures.count;
import static dev.tidepool.echo.figures.Figures.format;

import dev.tidepool.echo.figures.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The lines of a table of latencies, those from the schedule beside those from the send. */
final class LatencyTable {
  private static final String UNKNOWN = "n/a";

  private LatencyTable() {}

  /**
   * A heading, and a line for each figure.
   *
   * @param intended null without a schedule
   */
  static List<String> lines(LatencyFigures actual, @Nullable LatencyFigures intended) {
    List<String> lines = new ArrayList<>();
    lines.add(
        row("latency", "from the send", intended == null ? "" : "intended", "samples beyond"));
    add(lines, "min", actual, intended, LatencyFigures::min, 0);
    add(lines, "mean", actual, intended, LatencyFigures::mean, -1);
    add(lines, "p50", actual, intended, LatencyFigures::p50, 50);
    add(lines, "p75", actual, intended, LatencyFigures::p75, 75);
    add(lines, "p90", actual, intended, LatencyFigures::p90, 90);
    add(lines, "p95", actual, intended, LatencyFigures::p95, 95);
    add(lines, "p99", actual, intended, LatencyFigures::p99, 99);
    add(lines, "p99.9", actual, intended, LatencyFigures::p999, 99.9);
    add(lines, "p99.99", actual, intended, LatencyFigures::p9999, 99.99);
    add(lines, "max", actual, intended, LatencyFigures::max, 100);
    return lines;
  }

  /**
   * @param percentile below 0 for a figure that is none
   */
  private static void add(
      List<String> lines,
      String label,
      LatencyFigures actual,
      @Nullable LatencyFigures intended,
      Function<LatencyFigures, @Nullable Long> figure,
      double percentile) {
    String samples = percentile < 0 ? "" : count(Percentiles.beyond(actual.count(), percentile));
    lines.add(
        row(
            label,
            time(figure.apply(actual)),
            intended == null ? "" : time(figure.apply(intended)),
            samples));
  }

  private static String time(@Nullable Long nanos) {
    return nanos == null ? UNKNOWN : Figures.nanos(nanos);
  }

  private static String row(String label, String actual, String intended, String samples) {
    return intended.isEmpty()
        ? format("  %-18s%14s%18s", label, actual, samples).stripTrailing()
        : format("  %-18s%14s%14s%18s", label, actual, intended, samples).stripTrailing();
  }
}
