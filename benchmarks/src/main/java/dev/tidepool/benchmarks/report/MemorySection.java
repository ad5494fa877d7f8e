package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import java.util.ArrayList;
import java.util.List;

/** The table of one memory suite. */
final class MemorySection {
  private final MemoryResults results;

  MemorySection(MemoryResults results) {
    this.results = results;
  }

  MemoryResults results() {
    return results;
  }

  List<MemoryTarget.Finding> findings() {
    return MemoryTarget.ALL.stream().flatMap(target -> target.findings(results)).toList();
  }

  String markdown() {
    List<String> headings = new ArrayList<>(List.of("situation", "figure"));
    List.of(AllocatorUnderTest.values()).forEach(each -> headings.add(Words.name(each)));
    MarkdownTable table = new MarkdownTable(2, headings);
    for (MemoryResults.Line line : results.lines()) {
      List<String> cells = new ArrayList<>(List.of(line.situation(), line.figure()));
      for (AllocatorUnderTest allocator : AllocatorUnderTest.values()) {
        cells.add(results.of(line, allocator).map(line::format).orElse("–"));
      }
      table.row(cells);
    }
    return table + "\n" + targets();
  }

  private String targets() {
    MarkdownTable table =
        new MarkdownTable(2, List.of("target for connection", "situation", "measured", ""));
    for (MemoryTarget.Finding finding : findings()) {
      Verdict verdict = finding.isMet() ? Verdict.MET : Verdict.MISSED;
      table.row(
          List.of(
              finding.target().words(),
              finding.situation(),
              finding.measured(),
              verdict.toString()));
    }
    return table.isEmpty() ? "" : table + "\n";
  }
}
