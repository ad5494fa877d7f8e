package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.Estimate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table and the chart of one suite, of all levels of leak detection. */
final class SuiteSection {
  /** The most that a table has, unless there are more targets. */
  static final int ROWS = 16;

  /** Where nothing was measured. */
  private static final String ABSENT = "–";

  private final BenchmarkSuite suite;
  private final List<SuiteResults> levels;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Entry> shown;

  /** A row with allocators, at its level. */
  private record Entry(SuiteResults results, Row row) {}

  SuiteSection(BenchmarkSuite suite, List<SuiteResults> levels) {
    this.suite = suite;
    this.levels = levels;
    for (SuiteResults results : levels) {
      results.rows().stream()
          .filter(row -> !row.isWithoutAllocator())
          .forEach(row -> entries.add(new Entry(results, row)));
    }
    this.shown = chooseRows();
  }

  String markdown(ResultsPage.Runs runs, Path charts) throws IOException {
    if (entries.isEmpty()) {
      return "";
    }
    return "\n### %s\n\n%s\n\n".formatted(suite.declared().title(), suite.declared().operation())
        + runs.of(suite)
        + table()
        + leftOut()
        + beside()
        + chart(charts);
  }

  private String leftOut() {
    return shown.size() < entries.size()
        ? "\n%d of %d rows.\n".formatted(shown.size(), entries.size())
        : "";
  }

  private List<Entry> chooseRows() {
    Set<Entry> chosen = new LinkedHashSet<>();
    for (SuiteResults results : levels) {
      Goal.of(results).stream()
          .flatMap(goal -> Goal.worst(goal.findings()).stream())
          .forEach(worst -> chosen.add(new Entry(results, worst.row())));
    }
    entries.stream()
        .filter(entry -> !chosen.contains(entry))
        .sorted(Comparator.comparingDouble(entry -> entry.row().worstRatio()))
        .limit(Math.max(0, ROWS - chosen.size()))
        .forEach(chosen::add);
    return entries.stream().filter(chosen::contains).toList();
  }

  /** What a column shows of each row. */
  private record Column(String heading, Function<Entry, String> of) {}

  /** A column in which all rows are alike is left out. */
  private MarkdownTable table() {
    Column figure = new Column("figure", entry -> entry.row().figure());
    String all = isTold(figure) ? "case" : "case: " + entries.get(0).row().figure();
    List<Column> columns = new ArrayList<>(List.of(new Column(all, entry -> entry.row().label())));
    Stream.of(figure, new Column("leak detection", entry -> entry.results().level().words()))
        .filter(this::isTold)
        .forEach(columns::add);
    int words = columns.size();
    for (AllocatorUnderTest allocator : shownAllocators()) {
      columns.add(
          new Column(allocator.words(), entry -> cell(entry.row(), entry.row().of(allocator))));
    }
    Stream<Column> ratios =
        Row.PEERS.stream()
            .map(peer -> new Column("to " + peer.words(), entry -> ratio(entry.row(), peer)));
    Stream.concat(ratios, Stream.of(new Column("limit", SuiteSection::limit)))
        .filter(column -> entries.stream().map(column.of()).anyMatch(cell -> !cell.equals(ABSENT)))
        .forEach(columns::add);
    MarkdownTable table = new MarkdownTable(words, columns.stream().map(Column::heading).toList());
    shown.forEach(entry -> table.row(columns.stream().map(c -> c.of().apply(entry)).toList()));
    return table;
  }

  /** All that are always measured and what else was, unless the suite is about one alone. */
  private Set<AllocatorUnderTest> shownAllocators() {
    Set<AllocatorUnderTest> measured = EnumSet.noneOf(AllocatorUnderTest.class);
    entries.forEach(entry -> measured.addAll(entry.row().of().keySet()));
    if (measured.size() != 1) {
      measured.addAll(AllocatorUnderTest.always());
    }
    return measured;
  }

  private boolean isTold(Column column) {
    return entries.stream().map(column.of()).distinct().count() > 1;
  }

  private static String ratio(Row row, AllocatorUnderTest peer) {
    Estimate ratio = row.ratio(AllocatorUnderTest.CONNECTION, peer);
    return ratio.isKnown() && row.unit().isCompared() ? Unit.ratio(ratio) : ABSENT;
  }

  private static String limit(Entry entry) {
    Row row = entry.row();
    return entry.results().limit(row).map(limit -> cell(row, limit)).orElse(ABSENT);
  }

  private static String cell(Row row, Observations observed) {
    Estimate estimate = observed.estimate();
    return estimate.isKnown() ? row.unit().format(estimate) : ABSENT;
  }

  /** What has no allocator and is no limit. */
  private String beside() {
    String beside =
        levels.stream()
            .flatMap(results -> results.rows().stream().filter(row -> isBeside(results, row)))
            .map(row -> row.label() + ' ' + cell(row, row.alone()) + ' ' + row.figure())
            .collect(Collectors.joining("; "));
    return beside.isEmpty() ? "" : "\nBeside them: " + beside + ".\n";
  }

  private static boolean isBeside(SuiteResults results, Row row) {
    return row.isWithoutAllocator() && !results.isLimit(row);
  }

  private String chart(Path charts) throws IOException {
    SuiteResults results = levels.get(0);
    Row first = entries.get(0).row();
    String title = suite.declared().title();
    DotPlot plot = new DotPlot("%s: %s".formatted(title, first.figure()), first.unit());
    for (Entry entry : entries) {
      Row row = entry.row();
      if (entry.results().equals(results) && row.figure().equals(first.figure())) {
        plot.row(row);
      }
    }
    if (plot.isEmpty()) {
      return "";
    }
    String name = "%s-jdk%d.svg".formatted(suite.name(), results.jdk());
    Files.createDirectories(charts);
    Files.writeString(charts.resolve(name), plot.toSvg());
    return "\n![%s](charts/%s)\n".formatted(title, name);
  }
}
