package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one suite measured on one JDK at one level of leak detection, by case and allocator. Built
 * from JMH's own JSON.
 */
final class SuiteResults {
  private final JmhSuite suite;
  private final LeakDetection leakDetection;
  private final int jdk;
  private final Map<Case, Map<AllocatorUnderTest, Map<String, Observations>>> cases =
      new LinkedHashMap<>();
  private final Map<Case, Map<String, Observations>> withoutAllocator = new LinkedHashMap<>();

  SuiteResults(JmhSuite suite, LeakDetection leakDetection, int jdk, List<?> json) {
    this.suite = suite;
    this.leakDetection = leakDetection;
    this.jdk = jdk;
    for (Object result : json) {
      add((Map<?, ?>) result);
    }
  }

  private void add(Map<?, ?> result) {
    Map<String, String> parameters = parameters(result);
    Case of = Case.of(String.valueOf(result.get("benchmark")), parameters);
    String allocator = parameters.get(Case.ALLOCATOR);
    if (allocator == null) {
      withoutAllocator.put(of, metrics(result));
    } else {
      cases
          .computeIfAbsent(of, any -> new EnumMap<>(AllocatorUnderTest.class))
          .put(AllocatorUnderTest.valueOf(allocator), metrics(result));
    }
  }

  private static Map<String, String> parameters(Map<?, ?> result) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (result.get("params") instanceof Map<?, ?> params) {
      params.forEach((name, value) -> parameters.put(String.valueOf(name), String.valueOf(value)));
    }
    return parameters;
  }

  private static Map<String, Observations> metrics(Map<?, ?> result) {
    Map<String, Observations> metrics = new LinkedHashMap<>();
    metrics.put(Metric.TIME_KEY, observations(result.get("primaryMetric")));
    if (result.get("secondaryMetrics") instanceof Map<?, ?> secondary) {
      secondary.forEach((name, value) -> metrics.put(String.valueOf(name), observations(value)));
    }
    return metrics;
  }

  private static Observations observations(@Nullable Object metric) {
    List<List<Double>> forks = new ArrayList<>();
    if (metric instanceof Map<?, ?> map && map.get("rawData") instanceof List<?> raw) {
      raw.forEach(fork -> forks.add(numbers((List<?>) fork)));
    }
    return new Observations(forks);
  }

  private static List<Double> numbers(List<?> values) {
    return values.stream().map(value -> Double.valueOf(String.valueOf(value))).toList();
  }

  JmhSuite suite() {
    return suite;
  }

  LeakDetection leakDetection() {
    return leakDetection;
  }

  int jdk() {
    return jdk;
  }

  List<Case> cases() {
    return List.copyOf(cases.keySet());
  }

  /** Benchmarks beside the allocators: limits and baselines. */
  List<Case> casesWithoutAllocator() {
    return List.copyOf(withoutAllocator.keySet());
  }

  Observations of(Case of, Metric metric) {
    return withoutAllocator
        .getOrDefault(of, Map.of())
        .getOrDefault(metric.key(), Observations.NONE);
  }

  Observations of(Case of, AllocatorUnderTest allocator, Metric metric) {
    return cases
        .getOrDefault(of, Map.of())
        .getOrDefault(allocator, Map.of())
        .getOrDefault(metric.key(), Observations.NONE);
  }

  /**
   * How many times as much {@code other} takes as the suite's limit does: more than that Tidepool
   * cannot be ahead of it. Not known if the suite has no limit.
   */
  Estimate limitRatio(Case of, AllocatorUnderTest other) {
    return casesWithoutAllocator().stream()
        .filter(each -> suite.isLimit(each, of))
        .map(limit -> of(of, other, Metric.TIME).times(of(limit, Metric.TIME)))
        .findFirst()
        .orElse(Estimate.UNKNOWN);
  }

  /** How many times as much {@code other} takes as {@code subject} does. */
  Estimate ratio(Case of, AllocatorUnderTest subject, AllocatorUnderTest other, Metric metric) {
    return of(of, other, metric).times(of(of, subject, metric));
  }
}
