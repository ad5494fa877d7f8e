package dev.tidepool.benchmarks.memory;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tidepool.benchmarks.AllocatorUnderTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.StatUtils;

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

  /** What is held now, by the allocator's account and by the system's. */
  void addHeld(String situation, Subject subject, long residentBefore) {
    addHeld(situation, subject.heldBytes(), ProcessMemory.resident() - residentBefore);
  }

  void addHeld(String situation, long held, long residentRise) {
    add(situation, UPSTREAM_HELD, BYTES, held);
    add(situation, RSS_RISE, BYTES, residentRise);
  }

  void addPeaks(String situation, MemorySeries series, long residentBefore) {
    add(situation, "peak upstream bytes held", BYTES, series.peakHeld(), series.held());
    long peak = Collections.max(series.resident());
    add(situation, "peak RSS above the start", BYTES, peak - residentBefore);
  }

  static double median(List<? extends Number> values) {
    return StatUtils.percentile(values.stream().mapToDouble(Number::doubleValue).toArray(), 50);
  }

  String toJson() throws IOException {
    return JSON.std.asString(rows);
  }
}
