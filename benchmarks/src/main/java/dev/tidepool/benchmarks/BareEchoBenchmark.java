package dev.tidepool.benchmarks;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The echo of {@link EchoSuite} without an allocator: one buffer that is never given back. Netty
 * makes garbage of its own (selection, promises); what an allocator makes is what goes beyond this.
 */
@State(Scope.Thread)
public class BareEchoBenchmark extends EchoSuite {
  @Override
  LoopbackEcho connect() throws Exception {
    return LoopbackEcho.withKeptBuffer(MESSAGE);
  }

  @Benchmark
  public int echo() throws IOException {
    return roundTrip();
  }
}
