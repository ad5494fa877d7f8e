package dev.tidepool.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The limit of {@link AllocateReleaseBenchmark}: the same from a {@link LeastAllocator} with all of
 * an arena's duties.
 */
@State(Scope.Thread)
public class LeastAllocatorBenchmark extends LeastAllocatorSuite {
  @Benchmark
  @Fork(jvmArgs = DUTIES + LeastAllocator.FIGURES)
  public boolean allDuties() {
    return allocateAndRelease(LeastAllocator.FIGURES);
  }
}
