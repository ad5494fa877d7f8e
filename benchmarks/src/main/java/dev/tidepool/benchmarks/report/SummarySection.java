package dev.tidepool.benchmarks.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every target on one line: how many cases meet it, and the one that is furthest from it. */
final class SummarySection {
  private static final String NONE = "not measured";

  private final MarkdownTable table =
      new MarkdownTable(
          6,
          List.of(
              "suite",
              "leak detection",
              "target",
              "cases that meet it",
              "worst case",
              "there",
              "the limit there"));

  SummarySection(List<JmhSection> jmh, List<MemorySection> memory) {
    jmh.forEach(this::add);
    memory.forEach(this::add);
    notMeasured(jmh, memory).forEach(suite -> table.row(List.of(suite, "", "", NONE, "", "", "")));
  }

  private static List<String> notMeasured(List<JmhSection> jmh, List<MemorySection> memory) {
    List<String> missing = new ArrayList<>();
    Stream.of(JmhSuite.values()).map(JmhSuite::title).forEach(missing::add);
    Stream.of(MemorySuite.values()).map(MemorySuite::title).forEach(missing::add);
    jmh.forEach(section -> missing.remove(section.results().suite().title()));
    memory.forEach(section -> missing.remove(section.results().suite().title()));
    return missing;
  }

  private void add(JmhSection section) {
    for (Target target : section.targets()) {
      List<Finding> findings = target.findings(section.results()).toList();
      if (findings.isEmpty()) {
        SuiteResults results = section.results();
        table.row(
            List.of(results.suite().title(), level(results), target.words(), NONE, "", "", ""));
      } else {
        add(section.results(), target, findings);
      }
    }
  }

  private static String level(SuiteResults results) {
    return results.leakDetection() == LeakDetection.DEFAULT ? "default" : "disabled";
  }

  private void add(SuiteResults results, Target target, List<Finding> findings) {
    long met = findings.stream().filter(finding -> finding.verdict().isMet()).count();
    Finding worst =
        findings.stream().max(Comparator.comparingDouble(Finding::badness)).orElseThrow();
    table.row(
        List.of(
            results.suite().title(),
            level(results),
            target.words(),
            met(met, findings.size()),
            worst.of().label(false),
            worst.measured() + ' ' + worst.verdict(),
            limit(results, target, worst.of())));
  }

  /** The most that Tidepool could reach of such a target. */
  private static String limit(SuiteResults results, Target target, Case of) {
    return target instanceof Target.AtLeastTimes ratio && ratio.metric().isTime()
        ? Words.ratio(results.limitRatio(of, ratio.other()))
        : "";
  }

  private void add(MemorySection section) {
    Map<MemoryTarget, List<MemoryTarget.Finding>> byTarget = new LinkedHashMap<>();
    for (MemoryTarget target : MemoryTarget.ALL) {
      if (target.suite() == section.results().suite()) {
        byTarget.put(target, target.findings(section.results()).toList());
      }
    }
    byTarget.forEach(this::add);
  }

  private void add(MemoryTarget target, List<MemoryTarget.Finding> findings) {
    List<MemoryTarget.Finding> missed =
        findings.stream().filter(finding -> !finding.isMet()).toList();
    MemoryTarget.Finding shown =
        !missed.isEmpty() ? missed.get(0) : findings.isEmpty() ? null : findings.get(0);
    table.row(
        List.of(
            target.suite().title(),
            "default",
            "connection " + target.words(),
            findings.isEmpty() ? NONE : met(findings.size() - missed.size(), findings.size()),
            shown == null ? "" : shown.situation(),
            shown == null ? "" : shown.measured(),
            ""));
  }

  private static String met(long met, int all) {
    String words = met + " of " + all;
    return met == all ? words : "**" + words + "**";
  }

  String markdown() {
    return table.toString();
  }
}
