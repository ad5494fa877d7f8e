package dev.tidepool.benchmarks;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What all that measure a {@link LeastAllocator} share: each fork has its number of duties. */
@State(Scope.Thread)
public abstract class LeastAllocatorSuite extends EventLoopBenchmark {
  static final String DUTIES = "-D" + LeastAllocator.DUTIES_PROPERTY + "=";

  private LeastAllocator alloc;
  private int size = 256;

  @Setup
  public void prepare() {
    alloc = new LeastAllocator();
  }

  final boolean allocateAndRelease(int duties) {
    return alloc.allocate(size, duties).release();
  }
}
