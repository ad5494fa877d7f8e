package dev.tidepool.benchmarks.report;

import java.util.List;
import java.util.Map;

/**
 * How one suite came to be measured: kept beside its figures.
 *
 * @param command that did it
 * @param load the system's load average before it began; other work is in the figures too
 * @param failures what did not run to its end
 */
public record RunRecord(
    String date,
    String command,
    boolean quick,
    int forks,
    String jdk,
    Map<String, String> machine,
    String load,
    long seconds,
    List<String> failures) {}
