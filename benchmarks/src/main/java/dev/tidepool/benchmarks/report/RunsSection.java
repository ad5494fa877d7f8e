package dev.tidepool.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** On what, when and how the suites were run; and what failed. */
final class RunsSection {
  /** One suite's. */
  record Run(String suite, RunRecord record) {}

  private final List<Run> runs;

  RunsSection(List<Run> runs) {
    this.runs = runs;
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    if (runs.stream().anyMatch(run -> run.record().quick())) {
      text.append(
          "**Some of this is a quick run: it says whether all works, and proves nothing.**\n\n");
    }
    distinct().forEach(fact -> text.append("- ").append(fact).append('\n'));
    return text.append('\n').append(table()).append(failures()).toString();
  }

  private Set<String> distinct() {
    Set<String> facts = new LinkedHashSet<>();
    for (Run run : runs) {
      facts.add("JDK: " + run.record().jdk());
      facts.add(facts(run.record().machine()));
    }
    return facts;
  }

  private static String facts(Map<String, String> machine) {
    return machine.entrySet().stream()
        .map(fact -> fact.getKey() + ": " + fact.getValue())
        .collect(Collectors.joining("; "));
  }

  private MarkdownTable table() {
    MarkdownTable table =
        new MarkdownTable(
            2,
            List.of(
                "suite", "run", "forks", "load average before", "seconds", "`Report` called with"));
    for (Run run : runs) {
      RunRecord record = run.record();
      table.row(
          List.of(
              run.suite(),
              record.date(),
              String.valueOf(record.forks()),
              record.load(),
              String.valueOf(record.seconds()),
              '`' + record.command() + '`'));
    }
    return table;
  }

  private String failures() {
    List<String> failures = new ArrayList<>();
    runs.forEach(run -> failures.addAll(run.record().failures()));
    return failures.isEmpty()
        ? "\nNothing failed.\n"
        : failures.stream()
            .map(failure -> "- " + failure.replace('\n', ' ') + '\n')
            .collect(Collectors.joining("", "\n### Failed\n\n", ""));
  }
}
