package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.LeakDetection;
import dev.tidepool.benchmarks.report.ResultFiles.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The page of results, written from nothing but the files of results. */
final class ResultsPage {
  private static final String INTRODUCTION =
      """
      # Results

      Written by the report command from what JMH measured; nothing here is written by hand.

          mvn -q -DskipTests package
          %1$s run           # all of it, an hour and a quarter
          %1$s run --quick   # a few minutes; proves nothing
          %1$s write --page benchmarks/RESULTS.md

      `run` leaves the raw results, and this page of them, in `benchmarks/target/results`.

      **How to read it.** Times are means with 95 %% confidence intervals. What counts as one
      observation is the median of the iterations of a fork, a JVM of its own: iterations of one JVM
      share its compiled code and are not independent. The intervals of times are Student's; those of
      ratios, in square brackets, are Welch's on the logarithms of the forks' medians. Forks of all
      allocators take turns, round by round. A ratio says how many times as fast (or, of memory, as
      little) Tidepool is as the other: below 1, Tidepool loses. `met` and **missed** are beyond the
      interval; `met?` and **missed?** are not. Memory that was measured in one fork is what it was,
      without an interval. The limit is a benchmark that does the same work without an allocator:
      further ahead than that Tidepool cannot be.
      `connection` is a connection's arena with resets; `arena` is the shared allocator; the others
      are Netty's. Each has its own defaults, and all have the same JVM, heap and threads; but for
      Off loop and the echo these are event-loop threads.

      **What is left out.** A suite's table has %2$d rows: that which is furthest from each target, then
      those in which a connection's arena is least ahead, or most behind; `to adaptive` and `to pooled`
      are its ratios. What it does not show is in the raw results. Where Tidepool loses is listed only
      beyond the interval or, where there is none, beyond a tenth. The chart shows all cases of the suite's first figure, at Netty's defaults.
      """;

  private static final String COMMAND =
      "java -cp benchmarks/target/benchmarks.jar " + Report.class.getName();

  private final ResultFiles files;
  private final List<BenchmarkSuite> suites = BenchmarkSuite.all();

  ResultsPage(ResultFiles files) {
    this.files = files;
  }

  void write(Path page) throws IOException {
    Path charts = page.resolveSibling("charts");
    StringBuilder text = new StringBuilder(INTRODUCTION.formatted(COMMAND, SuiteSection.ROWS));
    for (int jdk : files.jdks()) {
      text.append('\n').append(jdk(jdk, charts));
    }
    Files.writeString(page, text);
  }

  private String jdk(int jdk, Path charts) throws IOException {
    Map<BenchmarkSuite, List<SuiteResults>> measured = measured(jdk);
    List<SuiteResults> all = measured.values().stream().flatMap(List::stream).toList();
    Runs runs = new Runs();
    for (BenchmarkSuite suite : measured.keySet()) {
      files.readRun(suite, jdk).ifPresent(run -> runs.add(suite, run));
    }
    StringBuilder text = new StringBuilder("## JDK %d%n%n".formatted(jdk));
    text.append(runs.markdown()).append(notMeasured(measured));
    text.append("\n### Targets\n\n").append(targets(all));
    text.append("\n### Where Tidepool loses\n\n").append(new Losses(all).markdown());
    for (Map.Entry<BenchmarkSuite, List<SuiteResults>> each : measured.entrySet()) {
      text.append(new SuiteSection(each.getKey(), each.getValue()).markdown(runs, charts));
    }
    return text.toString();
  }

  private Map<BenchmarkSuite, List<SuiteResults>> measured(int jdk) throws IOException {
    Map<BenchmarkSuite, List<SuiteResults>> measured = new LinkedHashMap<>();
    for (BenchmarkSuite suite : suites) {
      List<SuiteResults> levels = new ArrayList<>();
      for (LeakDetection level : suite.levels()) {
        files.read(suite, level, jdk).ifPresent(levels::add);
      }
      if (!levels.isEmpty()) {
        measured.put(suite, levels);
      }
    }
    return measured;
  }

  private String notMeasured(Map<BenchmarkSuite, List<SuiteResults>> measured) {
    String missing =
        suites.stream()
            .filter(suite -> !measured.containsKey(suite))
            .map(suite -> suite.declared().title())
            .collect(Collectors.joining(", "));
    return missing.isEmpty() ? "" : "\nNot measured on this JDK: " + missing + ".\n";
  }

  /** Every target on one line: how many cases meet it, and the one that is furthest from it. */
  private static MarkdownTable targets(List<SuiteResults> all) {
    MarkdownTable table =
        new MarkdownTable(
            6,
            List.of(
                "suite",
                "leak detection",
                "target",
                "cases that meet it",
                "furthest from it",
                "there",
                "the limit there"));
    for (SuiteResults results : all) {
      Goal.of(results).forEach(goal -> table.row(cells(goal)));
    }
    return table;
  }

  private static List<String> cells(Goal goal) {
    List<Goal.Finding> findings = goal.findings();
    Optional<Goal.Finding> worst = Goal.worst(findings);
    return List.of(
        goal.results().suite().declared().title(),
        goal.results().level().words(),
        goal.words(),
        findings.isEmpty() ? "not measured" : met(findings),
        worst.map(each -> each.row().label()).orElse(""),
        worst.map(Goal.Finding::toString).orElse(""),
        worst.map(each -> goal.limit(each.row())).orElse(""));
  }

  private static String met(List<Goal.Finding> findings) {
    long met = findings.stream().filter(finding -> finding.verdict().isMet()).count();
    String words = met + " of " + findings.size();
    return met == findings.size() ? words : "**" + words + "**";
  }

  /** When, how and on what each suite was run. */
  static final class Runs {
    private final List<String> machines = new ArrayList<>();
    private final Map<String, RunRecord> records = new TreeMap<>();

    void add(BenchmarkSuite suite, RunRecord run) {
      records.put(suite.name(), run);
      String machine = machine(run);
      if (!machines.contains(machine)) {
        machines.add(machine);
      }
    }

    private static String machine(RunRecord run) {
      String facts =
          run.machine().entrySet().stream()
              .map(fact -> fact.getKey() + ": " + fact.getValue())
              .collect(Collectors.joining("; "));
      return "JDK: %s; %s".formatted(run.jdk(), facts);
    }

    String markdown() {
      StringBuilder text = new StringBuilder();
      if (records.values().stream().anyMatch(RunRecord::quick)) {
        text.append(
            "**Some of this is a quick run: it says whether all works, and proves nothing.**\n\n");
      }
      for (int i = 0; i < machines.size(); i++) {
        text.append("%d. %s%n".formatted(i + 1, machines.get(i)));
      }
      return text.toString();
    }

    String of(BenchmarkSuite suite) {
      RunRecord run = records.get(suite.name());
      return run == null
          ? ""
          : "Run %s on machine %d, forks: %d, load average before: %s, %d s: `%s`. %s\n\n"
              .formatted(
                  run.date(),
                  machines.indexOf(machine(run)) + 1,
                  run.forks(),
                  run.load(),
                  run.seconds(),
                  run.command(),
                  run.failures().isEmpty()
                      ? "Nothing failed."
                      : "**Failed: " + String.join("; ", run.failures()) + ".**");
    }
  }
}
