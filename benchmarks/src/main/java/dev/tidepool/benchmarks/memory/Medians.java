package dev.tidepool.benchmarks.memory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures of several runs, as those of one. */
final class Medians {
  private Medians() {}

  /**
   * One row for all that have its names: their median, with their values as its samples. A row that
   * is alone stays as it is.
   */
  static List<Map<?, ?>> of(List<Map<?, ?>> rows) {
    Map<List<String>, List<Map<?, ?>>> alike = new LinkedHashMap<>();
    for (Map<?, ?> row : rows) {
      List<String> names = List.of(text(row, "allocator"), text(row, "case"), text(row, "figure"));
      alike.computeIfAbsent(names, any -> new ArrayList<>()).add(row);
    }
    return alike.values().stream().<Map<?, ?>>map(Medians::one).toList();
  }

  private static String text(Map<?, ?> row, String name) {
    return String.valueOf(row.get(name));
  }

  private static Map<?, ?> one(List<Map<?, ?>> alike) {
    if (alike.size() == 1) {
      return alike.get(0);
    }
    List<Number> values = alike.stream().map(row -> (Number) row.get("value")).toList();
    Map<Object, Object> median = new LinkedHashMap<>(alike.get(0));
    median.put("value", Figures.median(values));
    median.put("samples", values);
    return median;
  }
}
