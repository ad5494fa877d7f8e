package dev.tidepool.benchmarks;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The echo of {@link EchoSuite} with each allocator. */
@State(Scope.Thread)
public class EchoBenchmark extends EchoSuite {
  @Param public AllocatorUnderTest allocator;

  @Override
  LoopbackEcho connect() throws Exception {
    return LoopbackEcho.with(allocator, MESSAGE);
  }

  @Benchmark
  public int echo() throws IOException {
    return roundTrip();
  }
}
