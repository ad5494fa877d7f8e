package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a memory suite's figures are to be held against: at most {@code limit}, for every situation
 * whose words begin so.
 *
 * @param situation the beginning or a part of the situation's words
 * @param figure all of the figure's words
 */
record MemoryTarget(MemorySuite suite, String situation, String figure, String words, Limit limit) {
  private static final String HELD = "upstream bytes held";
  private static final double MIB = 1024 * 1024;

  /** How much the figure may be, given all that was measured; empty if it cannot be told. */
  interface Limit {
    Optional<Double> of(MemoryResults results, MemoryResults.Line line);
  }

  /** One target held against one situation. */
  record Finding(MemoryTarget target, String situation, String measured, boolean isMet) {}

  static final List<MemoryTarget> ALL =
      List.of(
          new MemoryTarget(MemorySuite.IDLE, "idle", "blocks leased", "0 blocks leased", atMost(0)),
          new MemoryTarget(
              MemorySuite.IDLE,
              "idle",
              "heap bytes per arena (JOL)",
              "≤ 512 B of heap an arena",
              atMost(512)),
          new MemoryTarget(
              MemorySuite.BURST,
              "one trim interval",
              HELD,
              "≤ 1 MiB held one trim interval later",
              atMost(MIB)),
          new MemoryTarget(
              MemorySuite.STRAGGLERS,
              "",
              "upstream bytes held per byte alive",
              "≤ 2 held for each byte alive",
              atMost(2)),
          new MemoryTarget(
              MemorySuite.STRAGGLERS,
              "",
              "upstream bytes held per byte alive",
              "≤ adaptive's",
              MemoryTarget::adaptive),
          new MemoryTarget(
              MemorySuite.RATCHET,
              "small request 16",
              "bytes leased per connection",
              "≤ before the large request, within 16 small ones",
              (results, line) -> inSituation("small requests before", results, line)),
          new MemoryTarget(
              MemorySuite.LOAD,
              "",
              "peak upstream bytes held",
              "≤ half of the better of pooled and adaptive",
              MemoryTarget::halfOfTheBetter));

  Stream<Finding> findings(MemoryResults results) {
    return results.suite() == suite
        ? results.lines().stream()
            .filter(line -> line.figure().equals(figure) && line.situation().contains(situation))
            .flatMap(line -> finding(results, line).stream())
        : Stream.of();
  }

  private Optional<Finding> finding(MemoryResults results, MemoryResults.Line line) {
    Optional<Double> measured = results.of(line, AllocatorUnderTest.CONNECTION);
    Optional<Double> allowed = limit.of(results, line);
    return measured.isEmpty() || allowed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                this,
                line.situation(),
                line.format(measured.get()),
                measured.get() <= allowed.get()));
  }

  private static Limit atMost(double limit) {
    return (results, line) -> Optional.of(limit);
  }

  private static Optional<Double> adaptive(MemoryResults results, MemoryResults.Line line) {
    return results.of(line, AllocatorUnderTest.ADAPTIVE);
  }

  private static Optional<Double> halfOfTheBetter(MemoryResults results, MemoryResults.Line line) {
    Optional<Double> pooled = results.of(line, AllocatorUnderTest.POOLED);
    Optional<Double> adaptive = results.of(line, AllocatorUnderTest.ADAPTIVE);
    return Stream.of(pooled, adaptive)
        .flatMap(Optional::stream)
        .min(Double::compare)
        .map(better -> better / 2);
  }

  private static Optional<Double> inSituation(
      String situation, MemoryResults results, MemoryResults.Line line) {
    return results.lines().stream()
        .filter(other -> other.figure().equals(line.figure()))
        .filter(other -> other.situation().contains(situation))
        .findFirst()
        .flatMap(other -> results.of(other, AllocatorUnderTest.CONNECTION));
  }
}
