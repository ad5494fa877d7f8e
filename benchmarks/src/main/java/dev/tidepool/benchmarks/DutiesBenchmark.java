package dev.tidepool.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What an arena's duties cost, one after the other: a buffer allocated and released by a {@link
 * LeastAllocator} with none, and with ever more of them. {@link LeastAllocatorBenchmark} has all.
 */
@State(Scope.Thread)
public class DutiesBenchmark extends EventLoopBenchmark {
  private static final String DUTIES = "-D" + LeastAllocator.DUTIES_PROPERTY + "=";

  private LeastAllocator alloc;
  private int size = 256;

  @Setup
  public void prepare() {
    alloc = new LeastAllocator();
  }

  private boolean allocateAndRelease() {
    return alloc.directBuffer(size).release();
  }

  @Benchmark
  @Fork(jvmArgs = DUTIES + 0)
  public boolean with0None() {
    return allocateAndRelease();
  }

  @Benchmark
  @Fork(jvmArgs = DUTIES + LeastAllocator.BLOCKS)
  public boolean with1Blocks() {
    return allocateAndRelease();
  }

  @Benchmark
  @Fork(jvmArgs = DUTIES + LeastAllocator.ANY_ORDER)
  public boolean with2AnyOrder() {
    return allocateAndRelease();
  }

  @Benchmark
  @Fork(jvmArgs = DUTIES + LeastAllocator.RANGES)
  public boolean with3Ranges() {
    return allocateAndRelease();
  }

  @Benchmark
  @Fork(jvmArgs = DUTIES + LeastAllocator.CONTRACT)
  public boolean with4Contract() {
    return allocateAndRelease();
  }
}
