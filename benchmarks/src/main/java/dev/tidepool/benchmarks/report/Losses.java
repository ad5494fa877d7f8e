package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.Estimate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where Tidepool is behind one of Netty's allocators by more than the interval; without an interval
 * by more than a tenth. One line for each figure of a suite and pair of allocators.
 */
final class Losses {
  private static final double CLEARLY = 0.9;
  private static final Estimate NOTHING = new Estimate(0, 0, 0);

  private record Loss(Row row, Estimate ratio) {}

  private record Line(List<String> cells, double ratio) {}

  private final List<Line> lines = new ArrayList<>();

  Losses(List<SuiteResults> all) {
    all.forEach(this::find);
    lines.sort(Comparator.comparingDouble(Line::ratio));
  }

  private void find(SuiteResults results) {
    List<Row> rows = results.rows().stream().filter(row -> row.unit().isCompared()).toList();
    for (String figure : rows.stream().map(Row::figure).distinct().toList()) {
      List<Row> of = rows.stream().filter(row -> row.figure().equals(figure)).toList();
      for (AllocatorUnderTest subject : Row.SUBJECTS) {
        Row.PEERS.forEach(peer -> find(results, of, subject, peer));
        if (of.get(0).unit().equals(Unit.NANOS)) {
          find(results, of, subject, AllocatorUnderTest.UNPOOLED);
        }
      }
    }
  }

  private void find(
      SuiteResults results, List<Row> rows, AllocatorUnderTest subject, AllocatorUnderTest peer) {
    List<Loss> all = rows.stream().map(row -> new Loss(row, ratio(row, subject, peer))).toList();
    Stream<Loss> behind = all.stream().filter(loss -> isBehind(loss.ratio()));
    List<Loss> losses = behind.sorted(Comparator.comparingDouble(Losses::value)).toList();
    if (!losses.isEmpty()) {
      long compared = all.stream().filter(loss -> loss.ratio().isKnown()).count();
      Loss worst = losses.get(0);
      List<String> cells =
          List.of(
              results.suite().declared().title(),
              results.level().words(),
              worst.row().figure(),
              subject.words() + " to " + peer.words(),
              "%d of %d".formatted(losses.size(), compared),
              worst.row().label(),
              measured(worst, subject, peer));
      lines.add(new Line(cells, value(worst)));
    }
  }

  private static double value(Loss loss) {
    return loss.ratio().value();
  }

  private static boolean isBehind(Estimate ratio) {
    return ratio.hasInterval() ? ratio.high() < 1 : ratio.value() < CLEARLY;
  }

  /** There is none to what holds nothing, and there a loss is a loss. */
  private static Estimate ratio(Row row, AllocatorUnderTest subject, AllocatorUnderTest peer) {
    Estimate ratio = row.ratio(subject, peer);
    double held = row.of(subject).estimate().value();
    double others = row.of(peer).estimate().value();
    return ratio.isKnown() || !(held > Math.max(others, 0)) ? ratio : NOTHING;
  }

  private static String measured(Loss loss, AllocatorUnderTest subject, AllocatorUnderTest peer) {
    Row row = loss.row();
    return loss.ratio().hasInterval() && !loss.ratio().equals(NOTHING)
        ? Unit.ratio(loss.ratio())
        : row.unit().format(row.of(subject).estimate().value())
            + " to "
            + row.unit().format(row.of(peer).estimate().value());
  }

  String markdown() {
    if (lines.isEmpty()) {
      return "Nowhere, in what was measured.\n";
    }
    MarkdownTable table =
        new MarkdownTable(
            6, List.of("suite", "leak detection", "figure", "behind", "cases", "worst", "there"));
    lines.forEach(line -> table.row(line.cells()));
    return table.toString();
  }
}
