package dev.tidepool.benchmarks.memory;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tidepool.benchmarks.AllocatorUnderTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one run of a scenario found, as rows for the results. */
final class Figures {
  static final String UPSTREAM_HELD = "upstream bytes held";
  static final String RSS_RISE = "RSS above the start";
  static final String BYTES = "bytes";
  static final String COUNT = "count";
  static final String RATIO = "ratio";

  private final Suite suite;
  private final AllocatorUnderTest allocator;
  private final List<Map<String, Object>> rows = new ArrayList<>();

  Figures(Suite suite, AllocatorUnderTest allocator) {
    this.suite = suite;
    this.allocator = allocator;
  }

  /**
   * @param situation in which the figure was taken: the case
   */
  void add(String situation, String figure, String unit, Number value) {
    add(situation, figure, unit, value, List.of());
  }

  /** The same, with the samples that the value sums up. */
  void add(
      String situation, String figure, String unit, Number value, List<? extends Number> samples) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("suite", suite.toString());
    row.put("allocator", allocator.name());
    row.put("case", situation);
    row.put("figure", figure);
    row.put("unit", unit);
    row.put("value", value);
    row.put("samples", samples);
    rows.add(row);
  }

  String toJson() throws IOException {
    return JSON.std.asString(rows);
  }
}
