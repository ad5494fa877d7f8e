package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.Estimate;
import dev.tidepool.benchmarks.Figures;
import dev.tidepool.benchmarks.LeakDetection;
import dev.tidepool.benchmarks.Target;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One target of one allocator, held against what a suite measured. */
record Goal(Target target, AllocatorUnderTest subject, SuiteResults results) {
  /** From this JDK on Netty does without {@code Unsafe}. */
  private static final int WITHOUT_UNSAFE = 24;

  /** Only of bytes is so much aimed for. */
  private static final double BYTES_FROM = 100;

  /**
   * What was found in one case.
   *
   * @param badness how far the figure is from the target, as a factor: above 1 is missed
   */
  record Finding(Row row, String measured, double badness, Verdict verdict) {
    @Override
    public String toString() {
      return measured + ' ' + verdict;
    }
  }

  static List<Goal> of(SuiteResults results) {
    return results.suite().targets().stream()
        .filter(target -> List.of(target.at()).contains(results.level()))
        .flatMap(target -> subjects(results).map(of -> new Goal(target, of, results)))
        .toList();
  }

  private static Stream<AllocatorUnderTest> subjects(SuiteResults results) {
    return Row.SUBJECTS.stream().limit(results.level() == LeakDetection.DISABLED ? 2 : 1);
  }

  private boolean isAtLeast() {
    return !Double.isNaN(target.atLeast());
  }

  private double factor() {
    if (!isAtLeast()) {
      return target.atMost();
    }
    boolean isLess = results.jdk() < WITHOUT_UNSAFE || Double.isNaN(target.atLeastWithoutUnsafe());
    return isLess ? target.atLeast() : target.atLeastWithoutUnsafe();
  }

  /** What is aimed for. */
  String words() {
    String figure = isTime() ? "" : ", " + target.figure();
    String where = target.where().isEmpty() ? "" : ", " + target.where().strip();
    String sign = isAtLeast() ? " ≥ " : " ≤ ";
    return subject.words() + sign + amount() + figure + where.replaceAll(",$", "");
  }

  private String amount() {
    double factor = factor();
    if (target.isBeyondLimit()) {
      return Unit.factor(factor) + " beyond the limit";
    }
    String than = reference();
    if (than.isEmpty()) {
      return factor < BYTES_FROM ? Unit.factor(factor) : Unit.BYTES.format(factor);
    }
    return (factor == 1 && !isAtLeast() ? "" : Unit.factor(factor) + " × ") + than;
  }

  private String reference() {
    return Stream.concat(
            peers().map(AllocatorUnderTest::words),
            Stream.of(target.asIn()).filter(words -> !words.isEmpty()))
        .collect(Collectors.joining(" or "));
  }

  private Stream<AllocatorUnderTest> peers() {
    return target.thanBetter()
        ? Stream.of(AllocatorUnderTest.POOLED, AllocatorUnderTest.ADAPTIVE)
        : Stream.of(target.than());
  }

  private boolean isTime() {
    return target.figure().equals(Figures.TIME);
  }

  /** One for each case that was measured and that the target speaks about. */
  List<Finding> findings() {
    return results.rows().stream()
        .filter(row -> row.figure().equals(target.figure()))
        .filter(row -> row.label().contains(target.where()))
        .filter(row -> row.of(subject).estimate().isKnown())
        .flatMap(row -> finding(row).stream())
        .toList();
  }

  static Optional<Finding> worst(List<Finding> findings) {
    return findings.stream().max(Comparator.comparingDouble(Finding::badness));
  }

  private Optional<Finding> finding(Row row) {
    if (target.isBeyondLimit()) {
      double limit = results.limit(row).map(each -> each.estimate().value()).orElse(0.0);
      return Optional.of(atMost(row, row.of(subject).estimate().minus(limit), factor()));
    }
    if (reference().isEmpty()) {
      return Optional.of(atMost(row, row.of(subject).estimate(), factor()));
    }
    return compared(row)
        .filter(other -> other.estimate().isKnown())
        .map(each -> finding(row, each));
  }

  /** The other figure. */
  private Optional<Observations> compared(Row row) {
    if (target.asIn().isEmpty()) {
      return peers()
          .map(row::of)
          .filter(each -> each.estimate().isKnown())
          .min(Comparator.comparingDouble(each -> each.estimate().value()));
    }
    return results.rows().stream()
        .filter(each -> each.label().contains(target.asIn()))
        .filter(each -> each.figure().equals(row.figure()))
        .findFirst()
        .map(each -> each.isWithoutAllocator() ? each.alone() : each.of(subject));
  }

  private Finding finding(Row row, Observations other) {
    if (isAtLeast()) {
      Estimate ratio = other.times(row.of(subject));
      Verdict verdict = Verdict.ofAtLeast(ratio, factor());
      return new Finding(row, Unit.ratio(ratio), factor() / ratio.value(), verdict);
    }
    if (isTime()) {
      Estimate ratio = row.of(subject).times(other);
      Verdict verdict = Verdict.ofAtMost(ratio, factor());
      return new Finding(row, Unit.ratio(ratio), ratio.value() / factor(), verdict);
    }
    double value = other.estimate().value();
    Finding plain = atMost(row, row.of(subject).estimate(), factor() * value);
    String measured = plain.measured() + " to " + row.unit().format(value);
    return new Finding(row, measured, plain.badness(), plain.verdict());
  }

  private static Finding atMost(Row row, Estimate measured, double limit) {
    double badness = measured.value() <= limit ? 0 : Double.POSITIVE_INFINITY;
    if (limit > 0) {
      badness = measured.value() / limit;
    }
    Verdict verdict = Verdict.ofAtMost(measured.orExact(), limit);
    return new Finding(row, row.unit().format(measured.value()), badness, verdict);
  }

  /** What the peer takes at most beyond the suite's limit: farther ahead Tidepool cannot be. */
  String limit(Row row) {
    return isAtLeast() && isTime()
        ? results
            .limit(row)
            .map(limit -> Unit.ratio(row.of(target.than()[0]).times(limit)))
            .orElse("")
        : "";
  }
}
