package dev.tidepool.benchmarks.report;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is compared between allocators: a benchmark with all its parameters but the allocator.
 *
 * @param benchmark its class and method
 */
record Case(String benchmark, Map<String, String> parameters) {
  static final String ALLOCATOR = "allocator";

  /** The same, whatever the allocator is. */
  static Case of(String benchmark, Map<String, String> parameters) {
    Map<String, String> others = new TreeMap<>(parameters);
    others.remove(ALLOCATOR);
    return new Case(benchmark, others);
  }

  boolean isOf(Class<?> type) {
    return benchmark.startsWith(type.getName() + '.');
  }

  /** Whether all of this one's parameters are as in {@code other}, which may have more. */
  boolean isPartOf(Case other) {
    return other.parameters.entrySet().containsAll(parameters.entrySet());
  }

  String className() {
    String name = benchmark.substring(0, benchmark.lastIndexOf('.'));
    return name.substring(name.lastIndexOf('.') + 1);
  }

  String method() {
    return benchmark.substring(benchmark.lastIndexOf('.') + 1);
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** For people, in a suite of several benchmarks or of one. */
  String label(boolean withClass) {
    String name = withClass ? className().replace("Benchmark", "") + '.' + method() : method();
    String with =
        parameters.entrySet().stream()
            .map(each -> each.getKey() + ' ' + each.getValue())
            .collect(Collectors.joining(", "));
    return with.isEmpty() ? name : name + ": " + with;
  }
}
