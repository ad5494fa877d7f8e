package dev.tidepool.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The trials of a suite, from the benchmarks' own annotations. All allocators of a case follow each
 * other, so that what changes about the machine meanwhile meets them all.
 */
final class Plan {
  /** In a quick run only these values of a parameter; {@code method} stands for the benchmark's. */
  private static final Map<JmhSuite, Map<String, Set<String>>> QUICK =
      Map.of(
          JmhSuite.ALLOCATE_RELEASE, Map.of("size", Set.of("256"), "direct", Set.of("true")),
          JmhSuite.REQUEST, Map.of("order", Set.of("FIFO")),
          JmhSuite.RANDOM_VICTIM, Map.of("living", Set.of("1024"), "sizes", Set.of("SOCKET_PROXY")),
          JmhSuite.GROW, Map.of("target", Set.of("16384"), "others", Set.of("0")),
          JmhSuite.CROSS_THREAD, Map.of("size", Set.of("256")),
          JmhSuite.OFF_LOOP, Map.of("method", Set.of("twoThreads")),
          JmhSuite.ACCESS,
              Map.of(
                  "method",
                  Set.of("getLong", "setInt", "bufferToArray", "writeUtf8"),
                  "direct",
                  Set.of("true"),
                  Case.ALLOCATOR,
                  Set.of("CONNECTION", "POOLED")),
          JmhSuite.RESET_COST, Map.of(),
          JmhSuite.GARBAGE, Map.of("order", Set.of("FIFO")));

  private Plan() {}

  static List<Trial> of(JmhSuite suite, boolean quick) {
    return all(suite).stream().filter(trial -> !quick || isQuick(suite, trial)).toList();
  }

  private static boolean isQuick(JmhSuite suite, Trial trial) {
    return QUICK.getOrDefault(suite, Map.of()).entrySet().stream()
        .allMatch(only -> isAmong(only.getKey(), only.getValue(), trial));
  }

  private static boolean isAmong(String parameter, Set<String> values, Trial trial) {
    String value =
        parameter.equals("method") ? trial.of().method() : trial.parameters().get(parameter);
    return value == null || values.contains(value);
  }

  private static List<Trial> all(JmhSuite suite) {
    OutputFormat silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    List<Trial> trials = new ArrayList<>();
    for (BenchmarkListEntry entry :
        BenchmarkList.defaultList().find(silent, List.of(".*"), List.of())) {
      if (suite.contains(entry.getUserClassQName())) {
        combinations(entry)
            .forEach(parameters -> trials.add(new Trial(entry.getUsername(), parameters)));
      }
    }
    return trials;
  }

  private static List<Map<String, String>> combinations(BenchmarkListEntry entry) {
    Map<String, String[]> values = new LinkedHashMap<>(entry.getParams().orElse(Map.of()));
    String[] allocators = values.remove(Case.ALLOCATOR);
    if (allocators != null) {
      values.put(Case.ALLOCATOR, allocators); // the last one is the first to change
    }
    return combinations(values);
  }

  /** Every value of each with every value of all the others; the last one changes first. */
  static List<Map<String, String>> combinations(Map<String, String[]> values) {
    List<Map<String, String>> combinations = List.of(Map.of());
    for (Map.Entry<String, String[]> parameter : values.entrySet()) {
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> shorter : combinations) {
        for (String value : parameter.getValue()) {
          Map<String, String> with = new LinkedHashMap<>(shorter);
          with.put(parameter.getKey(), value);
          longer.add(with);
        }
      }
      combinations = longer;
    }
    return combinations;
  }
}
