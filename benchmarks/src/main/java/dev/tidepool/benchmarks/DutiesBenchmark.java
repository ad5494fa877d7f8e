package dev.tidepool.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What an arena's duties cost, one after the other: a buffer allocated and released by a {@link
 * LeastAllocator} with none, and with ever more of them. {@link LeastAllocatorBenchmark} has all.
 */
@State(Scope.Thread)
public class DutiesBenchmark extends LeastAllocatorSuite {
  @Benchmark
  @Fork(jvmArgs = DUTIES + 0)
  public boolean with0None() {
    return allocateAndRelease(0);
  }

  @Benchmark
  @Fork(jvmArgs = DUTIES + LeastAllocator.BLOCKS)
  public boolean with1Blocks() {
    return allocateAndRelease(LeastAllocator.BLOCKS);
  }

  @Benchmark
  @Fork(jvmArgs = DUTIES + LeastAllocator.SHARED)
  public boolean with2OtherThreads() {
    return allocateAndRelease(LeastAllocator.SHARED);
  }

  @Benchmark
  @Fork(jvmArgs = DUTIES + LeastAllocator.ANY_ORDER)
  public boolean with3AnyOrder() {
    return allocateAndRelease(LeastAllocator.ANY_ORDER);
  }

  @Benchmark
  @Fork(jvmArgs = DUTIES + LeastAllocator.RANGES)
  public boolean with4Ranges() {
    return allocateAndRelease(LeastAllocator.RANGES);
  }

  @Benchmark
  @Fork(jvmArgs = DUTIES + LeastAllocator.CONTRACT)
  public boolean with5Contract() {
    return allocateAndRelease(LeastAllocator.CONTRACT);
  }
}
