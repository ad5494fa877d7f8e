package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The tables and charts of one suite at one level of leak detection. */
final class JmhSection {
  private static final List<AllocatorUnderTest> SUBJECTS =
      List.of(AllocatorUnderTest.CONNECTION, AllocatorUnderTest.ARENA);
  private static final List<AllocatorUnderTest> OTHERS =
      List.of(AllocatorUnderTest.ADAPTIVE, AllocatorUnderTest.POOLED);

  /** Where nothing was measured. */
  private static final String ABSENT = "–";

  private final SuiteResults results;
  private final List<Target> targets;

  JmhSection(SuiteResults results) {
    this.results = results;
    this.targets = Targets.of(results.suite(), results.leakDetection(), results.jdk());
  }

  List<Target> targets() {
    return targets;
  }

  SuiteResults results() {
    return results;
  }

  String markdown(Path charts) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("#### ").append(Words.sentence(results.leakDetection().words())).append("\n\n");
    for (Metric metric : results.suite().metrics()) {
      MarkdownTable figures = figures(metric);
      if (!figures.isEmpty()) {
        text.append(Words.sentence(metric.title())).append(":\n\n").append(figures).append('\n');
        text.append(besideThem(metric)).append(ratios(metric)).append(chart(metric, charts));
      }
    }
    return text.append(otherFindings()).toString();
  }

  private MarkdownTable figures(Metric metric) {
    List<String> headings = new ArrayList<>(List.of("case"));
    List.of(AllocatorUnderTest.values()).forEach(each -> headings.add(Words.name(each)));
    MarkdownTable table = new MarkdownTable(1, headings);
    for (Case of : results.cases()) {
      List<String> cells = new ArrayList<>(List.of(label(of)));
      for (AllocatorUnderTest allocator : AllocatorUnderTest.values()) {
        cells.add(cell(metric, results.of(of, allocator, metric).estimate()));
      }
      addUnlessEmpty(table, cells);
    }
    return table;
  }

  /** Limits and baselines. */
  private String besideThem(Metric metric) {
    MarkdownTable table = new MarkdownTable(1, List.of("beside them", ""));
    for (Case of : results.casesWithoutAllocator()) {
      addUnlessEmpty(table, List.of(label(of), cell(metric, results.of(of, metric).estimate())));
    }
    return table.isEmpty() ? "" : table + "\n";
  }

  private static void addUnlessEmpty(MarkdownTable table, List<String> cells) {
    if (cells.stream().skip(1).anyMatch(cell -> !cell.equals(ABSENT) && !cell.isEmpty())) {
      table.row(cells);
    }
  }

  private static String cell(Metric metric, Estimate estimate) {
    return estimate.isKnown() ? metric.unit().format(estimate) : ABSENT;
  }

  private String label(Case of) {
    return of.label(results.suite().hasSeveralBenchmarks());
  }

  /** How many times as much the others take. */
  private String ratios(Metric metric) {
    List<String> headings =
        new ArrayList<>(
            List.of(
                "times as " + (metric.isTime() ? "fast" : "little"),
                "connection to adaptive",
                "connection to pooled",
                "arena to adaptive",
                "arena to pooled"));
    if (isLimited(metric)) {
      headings.addAll(List.of("the limit to adaptive", "to pooled"));
    }
    MarkdownTable table = new MarkdownTable(1, headings);
    if (metric.isCompared()) {
      results.cases().forEach(of -> addUnlessEmpty(table, ratioCells(metric, of)));
    }
    return table.isEmpty() ? "" : table + "\n";
  }

  private List<String> ratioCells(Metric metric, Case of) {
    List<String> cells = new ArrayList<>(List.of(label(of)));
    for (AllocatorUnderTest subject : SUBJECTS) {
      for (AllocatorUnderTest other : OTHERS) {
        String ratio = Words.ratio(results.ratio(of, subject, other, metric));
        cells.add(
            ratio.isEmpty() ? ABSENT : (ratio + ' ' + verdict(metric, of, subject, other)).strip());
      }
    }
    if (isLimited(metric)) {
      OTHERS.forEach(other -> cells.add(Words.ratio(results.limitRatio(of, other))));
    }
    return cells;
  }

  private boolean isLimited(Metric metric) {
    return metric.isTime() && results.suite().limit().isPresent();
  }

  private String verdict(
      Metric metric, Case of, AllocatorUnderTest subject, AllocatorUnderTest other) {
    for (Target target : targets) {
      if (target instanceof Target.AtLeastTimes ratio
          && ratio.metric().equals(metric)
          && ratio.subject() == subject
          && ratio.other() == other) {
        Estimate measured = results.ratio(of, subject, other, metric);
        return Verdict.ofAtLeast(measured, ratio.factor()).toString();
      }
    }
    return "";
  }

  /** Those that are no ratio between allocators. */
  private String otherFindings() {
    MarkdownTable table = new MarkdownTable(4, List.of("case", "target", "measured", ""));
    for (Finding finding : targets.stream().flatMap(each -> each.findings(results)).toList()) {
      if (!finding.isBetweenAllocators()) {
        table.row(
            List.of(
                label(finding.of()),
                finding.target(),
                finding.measured(),
                finding.verdict().toString()));
      }
    }
    return table.isEmpty() ? "" : table + "\n";
  }

  private String chart(Metric metric, Path charts) throws IOException {
    DotPlot plot =
        new DotPlot(
            "%s, JDK %d, %s: %s"
                .formatted(
                    results.suite().title(),
                    results.jdk(),
                    results.leakDetection().words(),
                    metric.title()),
            metric.unit());
    results.cases().forEach(of -> plot.row(of.label(false), estimates(of, metric)));
    if (plot.isEmpty()) {
      return "";
    }
    String name =
        "%s%s-%s-jdk%d.svg"
            .formatted(
                results.suite(),
                metric.isTime() ? "" : '-' + metric.key().replace('.', '-'),
                results.leakDetection(),
                results.jdk());
    Files.createDirectories(charts);
    Files.writeString(charts.resolve(name), plot.toSvg());
    return "![%s](charts/%s)%n%n".formatted(results.suite().title(), name);
  }

  private Map<AllocatorUnderTest, Estimate> estimates(Case of, Metric metric) {
    Map<AllocatorUnderTest, Estimate> estimates = new EnumMap<>(AllocatorUnderTest.class);
    for (AllocatorUnderTest allocator : AllocatorUnderTest.values()) {
      Estimate estimate = results.of(of, allocator, metric).estimate();
      if (estimate.isKnown()) {
        estimates.put(allocator, estimate);
      }
    }
    return estimates;
  }
}
