package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Every case in which Tidepool is behind one of Netty's allocators, the furthest behind first. */
final class LosesSection {
  private static final List<AllocatorUnderTest> SUBJECTS =
      List.of(AllocatorUnderTest.CONNECTION, AllocatorUnderTest.ARENA);
  private static final List<AllocatorUnderTest> OTHERS =
      List.of(AllocatorUnderTest.ADAPTIVE, AllocatorUnderTest.POOLED, AllocatorUnderTest.UNPOOLED);

  /** Its memory is what is alive, always: as a measure of holding too much it says nothing. */
  private static final List<AllocatorUnderTest> OTHERS_THAT_POOL =
      List.of(AllocatorUnderTest.ADAPTIVE, AllocatorUnderTest.POOLED);

  private record Loss(List<String> cells, double ratio) {}

  private final List<Loss> losses = new ArrayList<>();

  LosesSection(List<JmhSection> jmh, List<MemorySection> memory) {
    jmh.forEach(section -> find(section.results()));
    memory.forEach(section -> find(section.results()));
    losses.sort(Comparator.comparingDouble(Loss::ratio));
  }

  private void find(SuiteResults results) {
    for (Metric metric : results.suite().metrics()) {
      if (metric.isCompared()) {
        for (Case of : results.cases()) {
          SUBJECTS.forEach(subject -> find(results, of, metric, subject));
        }
      }
    }
  }

  private void find(SuiteResults results, Case of, Metric metric, AllocatorUnderTest subject) {
    for (AllocatorUnderTest other : metric.isTime() ? OTHERS : OTHERS_THAT_POOL) {
      Estimate ratio = results.ratio(of, subject, other, metric);
      if (ratio.value() < 1) {
        String suite = results.suite().title() + ", " + results.leakDetection().words();
        String what = of.label(false) + (metric.isTime() ? "" : ", " + metric.title());
        add(suite, what, subject, other, Words.ratio(ratio), ratio);
      }
    }
  }

  private void find(MemoryResults results) {
    for (MemoryResults.Line line : results.lines()) {
      if (isCompared(line)) {
        SUBJECTS.forEach(subject -> find(results, line, subject));
      }
    }
  }

  /** What only arenas have, such as leases, is held against targets and not against others. */
  private static boolean isCompared(MemoryResults.Line line) {
    boolean ofAll = !line.figure().contains("leased") && !line.figure().contains("per arena");
    return ofAll && (line.unit().equals("bytes") || line.unit().equals("ratio"));
  }

  private void find(MemoryResults results, MemoryResults.Line line, AllocatorUnderTest subject) {
    double held = results.of(line, subject).orElse(Double.NaN);
    for (AllocatorUnderTest other : OTHERS_THAT_POOL) {
      double others = results.of(line, other).orElse(Double.NaN);
      if (held > others) {
        String measured = line.format(held) + " to " + line.format(others);
        double ratio = others / held;
        String what = line.situation() + ": " + line.figure();
        add(
            results.suite().title(),
            what,
            subject,
            other,
            measured,
            new Estimate(ratio, ratio, ratio));
      }
    }
  }

  private void add(
      String suite,
      String what,
      AllocatorUnderTest subject,
      AllocatorUnderTest other,
      String measured,
      Estimate ratio) {
    String certain = ratio.high() < 1 ? "yes" : "within the noise";
    losses.add(
        new Loss(
            List.of(suite, what, Words.name(subject), Words.name(other), measured, certain),
            ratio.value()));
  }

  String markdown() {
    if (losses.isEmpty()) {
      return "Nowhere, in what was measured.\n";
    }
    MarkdownTable table =
        new MarkdownTable(
            4, List.of("suite", "case", "Tidepool's", "behind", "ratio, or figures", "behind?"));
    losses.forEach(loss -> table.row(loss.cells()));
    return String.format(
            Locale.ROOT, "%d comparisons, the furthest behind first:%n%n", losses.size())
        + table;
  }
}
