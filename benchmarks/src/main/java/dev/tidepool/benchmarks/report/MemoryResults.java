package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one memory suite found on one JDK. */
final class MemoryResults {
  /** One line of the table: a figure, and the situation in which it was taken. */
  record Line(String situation, String figure, String unit) {
    String format(double value) {
      return unit.equals("bytes") || unit.equals("ratio") || unit.equals("count")
          ? Unit.named(unit).format(value)
          : Unit.named(unit).format(value) + ' ' + unit;
    }
  }

  private final MemorySuite suite;
  private final Map<Line, Map<AllocatorUnderTest, Double>> lines = new LinkedHashMap<>();

  MemoryResults(MemorySuite suite, List<?> json) {
    this.suite = suite;
    for (Object each : json) {
      Map<?, ?> row = (Map<?, ?>) each;
      Line line = new Line(text(row, "case"), text(row, "figure"), text(row, "unit"));
      lines
          .computeIfAbsent(line, any -> new EnumMap<>(AllocatorUnderTest.class))
          .put(
              AllocatorUnderTest.valueOf(text(row, "allocator")),
              Double.valueOf(text(row, "value")));
    }
  }

  private static String text(Map<?, ?> row, String name) {
    return String.valueOf(row.get(name));
  }

  MemorySuite suite() {
    return suite;
  }

  List<Line> lines() {
    return List.copyOf(lines.keySet());
  }

  Optional<Double> of(Line line, AllocatorUnderTest allocator) {
    return Optional.ofNullable(lines.getOrDefault(line, Map.of()).get(allocator));
  }
}
