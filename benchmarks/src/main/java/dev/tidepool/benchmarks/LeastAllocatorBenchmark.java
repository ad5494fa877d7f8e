package dev.tidepool.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The limit of {@link AllocateReleaseBenchmark}: the same from a {@link LeastAllocator} with all of
 * an arena's duties.
 */
@State(Scope.Thread)
public class LeastAllocatorBenchmark extends EventLoopBenchmark {
  private static final String DUTIES = "-D" + LeastAllocator.DUTIES_PROPERTY + "=";

  private LeastAllocator alloc;
  private int size = 256;

  @Setup
  public void prepare() {
    alloc = new LeastAllocator();
  }

  @Benchmark
  @Fork(jvmArgs = DUTIES + LeastAllocator.FIGURES)
  public boolean allDuties() {
    return alloc.allocate(size, LeastAllocator.FIGURES).release();
  }
}
