package dev.tidepool.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The limit of all bump allocation: what moving a {@code long} costs, and nothing else. */
@State(Scope.Thread)
public class RawBumpBenchmark extends EventLoopBenchmark {
  private long position;
  private int size = 256;

  @Benchmark
  public long bumpOfALong() {
    position += size;
    return position;
  }
}
