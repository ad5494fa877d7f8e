package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.Figures;
import dev.tidepool.benchmarks.LeakDetection;
import dev.tidepool.benchmarks.Suite;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one suite measured on one JDK at one level of leak detection: JMH's results, row by row. */
final class SuiteResults {
  private final BenchmarkSuite suite;
  private final LeakDetection level;
  private final int jdk;
  private final Map<List<Object>, Row> rows = new LinkedHashMap<>();

  /** One result, of what JMH's JSON says about it. */
  record JmhResult(
      String benchmark,
      @Nullable Map<String, String> params,
      Metric primaryMetric,
      @Nullable Map<String, Metric> secondaryMetrics) {}

  /** What JMH observed: for each fork, its iterations. */
  record Metric(List<List<Double>> rawData, String scoreUnit) {}

  SuiteResults(BenchmarkSuite suite, LeakDetection level, int jdk, Collection<JmhResult> results) {
    this.suite = suite;
    this.level = level;
    this.jdk = jdk;
    results.forEach(this::add);
  }

  private void add(JmhResult result) {
    if (suite.isTimed()) {
      add(result, "", Figures.TIME, Figures.NANOS, result.primaryMetric());
    }
    if (result.secondaryMetrics() != null) {
      result.secondaryMetrics().forEach((name, metric) -> addFound(result, name, metric));
    }
  }

  private void addFound(JmhResult result, String name, Metric metric) {
    String[] parts = Figures.parts(name);
    if (parts.length == 3) { // other profilers' names have no parts
      add(result, parts[1], parts[2], metric.scoreUnit(), metric);
    }
  }

  private void add(JmhResult result, String situation, String figure, String unit, Metric metric) {
    Map<String, String> parameters =
        result.params() == null ? new TreeMap<>() : new TreeMap<>(result.params());
    String allocator = parameters.remove(Suite.UNDER_TEST);
    String benchmark = suite.within(result.benchmark());
    Observations observed = new Observations(metric.rawData());
    Row row =
        rows.computeIfAbsent(
            List.of(benchmark, parameters, situation, figure),
            any ->
                new Row(
                    benchmark,
                    parameters,
                    situation,
                    figure,
                    Unit.named(unit),
                    new EnumMap<>(AllocatorUnderTest.class),
                    allocator == null ? observed : Observations.NONE));
    if (allocator != null) {
      row.of().put(AllocatorUnderTest.valueOf(allocator), observed);
    }
  }

  BenchmarkSuite suite() {
    return suite;
  }

  LeakDetection level() {
    return level;
  }

  int jdk() {
    return jdk;
  }

  List<Row> rows() {
    return List.copyOf(rows.values());
  }

  /** What the figure would be at the least. */
  Optional<Observations> limit(Row of) {
    return rows.values().stream().filter(row -> row.isLimitOf(of)).findFirst().map(Row::alone);
  }

  boolean isLimit(Row row) {
    return rows.values().stream().anyMatch(row::isLimitOf);
  }
}
