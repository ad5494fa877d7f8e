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
  private static final String RSS = "RSS above the start";
  private static final String PER_BYTE_ALIVE = "upstream bytes held per byte alive";
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
              "≤ 256 B of heap an arena",
              atMost(256)),
          new MemoryTarget(
              MemorySuite.IDLE,
              "10,000 idle connections",
              RSS,
              "≤ adaptive's RSS above the start",
              MemoryTarget::adaptive),
          new MemoryTarget(
              MemorySuite.BURST,
              "one trim interval",
              HELD,
              "≤ 1 MiB held one trim interval later",
              atMost(MIB)),
          new MemoryTarget(
              MemorySuite.BURST,
              "three trim intervals",
              RSS,
              "≤ 64 MiB of RSS above the start three trim intervals later",
              atMost(64 * MIB)),
          new MemoryTarget(
              MemorySuite.BURST,
              "three trim intervals",
              RSS,
              "≤ the best peer's RSS above the start three trim intervals later",
              MemoryTarget::better),
          new MemoryTarget(
              MemorySuite.BURST,
              "on another event loop",
              "most upstream bytes held",
              "≤ 1,150 MiB held at most for 1,024 MiB alive",
              atMost(1150 * MIB)),
          new MemoryTarget(
              MemorySuite.STRAGGLERS,
              " connections, ",
              PER_BYTE_ALIVE,
              "≤ 2 held for each byte alive",
              atMost(2)),
          new MemoryTarget(
              MemorySuite.STRAGGLERS,
              "1,000 connections",
              PER_BYTE_ALIVE,
              "≤ 1.5 held for each byte alive",
              atMost(1.5)),
          new MemoryTarget(
              MemorySuite.STRAGGLERS,
              " connections, ",
              PER_BYTE_ALIVE,
              "≤ adaptive's",
              MemoryTarget::adaptive),
          new MemoryTarget(
              MemorySuite.STRAGGLERS,
              "cumulations",
              PER_BYTE_ALIVE,
              "≤ 1.1 held for each byte of kept cumulations",
              atMost(1.1)),
          new MemoryTarget(
              MemorySuite.RATCHET,
              "small request 16",
              "bytes leased per connection",
              "≤ before the large request, within 16 small ones",
              (results, line) -> inSituation("small requests before", results, line)),
          new MemoryTarget(
              MemorySuite.RATCHET,
              "three trim intervals later",
              RSS,
              "≤ the best peer's RSS above the start three trim intervals later",
              MemoryTarget::better),
          new MemoryTarget(
              MemorySuite.RATCHET,
              "one byte each",
              HELD,
              "≤ 4 MB held for one byte each after large answers",
              atMost(4e6)),
          new MemoryTarget(
              MemorySuite.LOAD,
              " connections, echo",
              "peak upstream bytes held",
              "≤ half of the better of pooled and adaptive",
              MemoryTarget::halfOfTheBetter),
          new MemoryTarget(
              MemorySuite.LOAD,
              "of silence",
              RSS,
              "≤ 32 MiB of RSS above the start after load and silence",
              atMost(32 * MIB)),
          new MemoryTarget(
              MemorySuite.LOAD,
              "of silence",
              RSS,
              "≤ pooled's RSS above the start after load and silence",
              (results, line) -> results.of(line, AllocatorUnderTest.POOLED)),
          new MemoryTarget(
              MemorySuite.LOAD,
              "with TLS",
              "peak RSS above the start",
              "≤ half of the better peak RSS of pooled and adaptive, with TLS",
              MemoryTarget::halfOfTheBetter),
          new MemoryTarget(
              MemorySuite.UPLOADS,
              "",
              "peak upstream bytes held",
              "≤ the best peer's peak",
              MemoryTarget::better),
          new MemoryTarget(
              MemorySuite.TRIM,
              "",
              "p99.9 with to p99.9 without",
              "≤ 1.1 × the p99.9 without a native trim",
              atMost(1.1)));

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
    return better(results, line).map(better -> better / 2);
  }

  /** Of the peers: unpooled holds what is alive, always, and is none. */
  private static Optional<Double> better(MemoryResults results, MemoryResults.Line line) {
    Optional<Double> pooled = results.of(line, AllocatorUnderTest.POOLED);
    Optional<Double> adaptive = results.of(line, AllocatorUnderTest.ADAPTIVE);
    return Stream.of(pooled, adaptive).flatMap(Optional::stream).min(Double::compare);
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
