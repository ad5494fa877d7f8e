package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.Estimate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One figure of one case, for every allocator that was measured.
 *
 * @param benchmark its name within the suite
 * @param parameters all but the allocator
 * @param situation in the benchmark's own words; may be empty
 * @param alone what was observed where the benchmark has no allocator
 */
record Row(
    String benchmark,
    Map<String, String> parameters,
    String situation,
    String figure,
    Unit unit,
    Map<AllocatorUnderTest, Observations> of,
    Observations alone) {

  static final List<AllocatorUnderTest> SUBJECTS =
      List.of(AllocatorUnderTest.CONNECTION, AllocatorUnderTest.ARENA);

  /** Unpooled holds what is alive, always: as a measure of holding too much it says nothing. */
  static final List<AllocatorUnderTest> PEERS =
      List.of(AllocatorUnderTest.ADAPTIVE, AllocatorUnderTest.POOLED);

  /** What tells the row's case from others, for people. */
  String label() {
    if (!situation.isEmpty()) {
      return situation;
    }
    String with =
        new TreeMap<>(parameters)
            .entrySet().stream()
                .map(each -> each.getKey() + ' ' + each.getValue())
                .collect(Collectors.joining(", "));
    return with.isEmpty() ? benchmark : benchmark + ": " + with;
  }

  Observations of(AllocatorUnderTest allocator) {
    return of.getOrDefault(allocator, Observations.NONE);
  }

  /** How many times as much {@code other} takes as {@code subject} does. */
  Estimate ratio(AllocatorUnderTest subject, AllocatorUnderTest other) {
    return of(other).times(of(subject));
  }

  /** How far a connection's arena is ahead of the peer that it is least ahead of. */
  double worstRatio() {
    return PEERS.stream()
        .map(peer -> ratio(AllocatorUnderTest.CONNECTION, peer))
        .filter(Estimate::isKnown)
        .mapToDouble(Estimate::value)
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }

  boolean isWithoutAllocator() {
    return of.isEmpty();
  }

  /** Whether this is the least that {@code row} could be. */
  boolean isLimitOf(Row row) {
    return isWithoutAllocator()
        && benchmark.equals("Limit." + row.benchmark)
        && figure.equals(row.figure)
        && row.parameters.entrySet().containsAll(parameters.entrySet());
  }
}
