package dev.tidepool.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The limit of {@link AllocateReleaseBenchmark}: the same from a {@link LeastAllocator}. */
@State(Scope.Thread)
public class LeastAllocatorBenchmark extends EventLoopBenchmark {
  private LeastAllocator alloc;
  private int size = 256;

  @Setup
  public void prepare() {
    alloc = new LeastAllocator();
  }

  @Benchmark
  public boolean allocateAndReleaseTheLeast() {
    return alloc.directBuffer(size).release();
  }
}
