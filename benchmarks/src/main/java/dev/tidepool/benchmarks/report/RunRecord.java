package dev.tidepool.benchmarks.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How one suite came to be measured: kept beside its figures.
 *
 * @param command that did it
 * @param load the system's load average before it began; other work is in the figures too
 * @param failures what did not run to its end, and why
 */
record RunRecord(
    String date,
    String command,
    boolean quick,
    int forks,
    String jdk,
    Map<String, String> machine,
    String load,
    long seconds,
    List<String> failures) {

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("date", date);
    json.put("command", command);
    json.put("quick", quick);
    json.put("forks", forks);
    json.put("jdk", jdk);
    json.put("machine", machine);
    json.put("load", load);
    json.put("seconds", seconds);
    json.put("failures", failures);
    return json;
  }

  static RunRecord fromJson(Map<?, ?> json) {
    Map<String, String> machine = new LinkedHashMap<>();
    ((Map<?, ?>) required(json, "machine"))
        .forEach((name, value) -> machine.put(String.valueOf(name), String.valueOf(value)));
    return new RunRecord(
        String.valueOf(required(json, "date")),
        String.valueOf(required(json, "command")),
        (Boolean) required(json, "quick"),
        ((Number) required(json, "forks")).intValue(),
        String.valueOf(required(json, "jdk")),
        machine,
        String.valueOf(required(json, "load")),
        ((Number) required(json, "seconds")).longValue(),
        ((List<?>) required(json, "failures")).stream().map(String::valueOf).toList());
  }

  private static Object required(Map<?, ?> json, String name) {
    Object value = json.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + ": missing (expected: in " + json + ")");
    }
    return value;
  }
}
