package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What a suite's figures are to be held against. */
interface Target {
  /** What is aimed for. */
  String words();

  /** One for each case that was measured and that this target speaks about. */
  Stream<Finding> findings(SuiteResults results);

  /** At least so many times as fast as another allocator, or with so much less. */
  record AtLeastTimes(
      Metric metric, AllocatorUnderTest subject, double factor, AllocatorUnderTest other)
      implements Target {
    @Override
    public Stream<Finding> findings(SuiteResults results) {
      return results.cases().stream()
          .filter(of -> results.ratio(of, subject, other, metric).isKnown())
          .map(of -> finding(results, of));
    }

    private Finding finding(SuiteResults results, Case of) {
      Estimate ratio = results.ratio(of, subject, other, metric);
      return new Finding(
          results,
          of,
          subject,
          words(),
          Words.ratio(ratio),
          factor / ratio.value(),
          true,
          Verdict.ofAtLeast(ratio, factor));
    }

    @Override
    public String words() {
      String than = Words.name(subject) + " ≥ " + Words.factor(factor) + " × " + Words.name(other);
      return metric.isTime() ? than : than + ", " + metric.title();
    }
  }

  /** At most so many times a benchmark without an allocator. */
  record AtMostTimesLimit(AllocatorUnderTest subject, double factor, String limit)
      implements Target {
    @Override
    public String words() {
      return "%s ≤ %s × %s".formatted(Words.name(subject), Words.factor(factor), limit);
    }

    @Override
    public Stream<Finding> findings(SuiteResults results) {
      return results.casesWithoutAllocator().stream()
          .filter(of -> of.className().equals(limit))
          .flatMap(bound -> results.cases().stream().map(of -> finding(results, of, bound)))
          .filter(finding -> !Double.isNaN(finding.badness()));
    }

    private Finding finding(SuiteResults results, Case of, Case bound) {
      Estimate ratio = results.of(of, subject, Metric.TIME).times(results.of(bound, Metric.TIME));
      return new Finding(
          results,
          of,
          subject,
          words(),
          Words.ratio(ratio),
          ratio.value() / factor,
          false,
          Verdict.ofAtMost(ratio, factor));
    }
  }

  /** At the last value of a parameter at most so many times what it is at the first. */
  record Flat(
      AllocatorUnderTest subject, String parameter, String first, String last, double factor)
      implements Target {
    @Override
    public String words() {
      return "%s, %s %s ≤ %s × %s"
          .formatted(Words.name(subject), parameter, last, Words.factor(factor), first);
    }

    @Override
    public Stream<Finding> findings(SuiteResults results) {
      List<Case> from = with(results, first);
      List<Case> to = with(results, last);
      return from.isEmpty() || to.isEmpty()
          ? Stream.of()
          : Stream.of(finding(results, from.get(0), to.get(0)));
    }

    private List<Case> with(SuiteResults results, String value) {
      return results.cases().stream().filter(of -> of.parameter(parameter).equals(value)).toList();
    }

    private Finding finding(SuiteResults results, Case from, Case to) {
      Estimate ratio =
          results.of(to, subject, Metric.TIME).times(results.of(from, subject, Metric.TIME));
      return new Finding(
          results,
          to,
          subject,
          words(),
          Words.ratio(ratio),
          ratio.value() / factor,
          false,
          Verdict.ofAtMost(ratio, factor));
    }
  }

  /**
   * No garbage, beyond what a benchmark without an allocator makes. JMH makes some itself, spread
   * over the requests of an iteration: less than a byte each.
   */
  record NoGarbage(Metric metric, AllocatorUnderTest subject) implements Target {
    private static final double TOLERANCE = 1;

    @Override
    public String words() {
      return "%s 0 %s, beyond the limit".formatted(Words.name(subject), metric.title());
    }

    @Override
    public Stream<Finding> findings(SuiteResults results) {
      return results.cases().stream()
          .filter(of -> results.of(of, subject, metric).estimate().isKnown())
          .map(of -> finding(results, of));
    }

    private Finding finding(SuiteResults results, Case of) {
      Estimate garbage = beyond(baseline(results), results.of(of, subject, metric).estimate());
      return new Finding(
          results,
          of,
          subject,
          words(),
          String.format(Locale.ROOT, "%.1f B", garbage.value()),
          garbage.value() / TOLERANCE,
          false,
          Verdict.ofAtMost(garbage, TOLERANCE));
    }

    private double baseline(SuiteResults results) {
      return results.casesWithoutAllocator().stream()
          .mapToDouble(of -> results.of(of, metric).estimate().value())
          .filter(value -> !Double.isNaN(value))
          .findFirst()
          .orElse(0);
    }

    private static Estimate beyond(double baseline, Estimate measured) {
      return new Estimate(
          measured.value() - baseline, measured.low() - baseline, measured.high() - baseline);
    }
  }
}
