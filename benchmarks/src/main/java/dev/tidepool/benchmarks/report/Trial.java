package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import java.util.Map;
import java.util.Optional;

/**
 * What one fork measures.
 *
 * @param benchmark its class and method
 * @param parameters all of them, the allocator among them unless the benchmark has none
 */
record Trial(String benchmark, Map<String, String> parameters) {
  Case of() {
    return Case.of(benchmark, parameters);
  }

  Optional<AllocatorUnderTest> allocator() {
    return Optional.ofNullable(parameters.get(Case.ALLOCATOR)).map(AllocatorUnderTest::valueOf);
  }

  @Override
  public String toString() {
    return of().label(true) + allocator().map(each -> ", " + Words.name(each)).orElse("");
  }
}
