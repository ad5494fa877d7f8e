package dev.tidepool.benchmarks;

import io.netty.buffer.ByteBuf;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Allocates one buffer and releases it at once, on an event-loop thread. The connection's arena is
 * reset every {@value #BUFFERS_A_REQUEST} buffers.
 */
@State(Scope.Thread)
public class AllocateReleaseBenchmark extends EventLoopSuite {
  private static final int BUFFERS_A_REQUEST = 32;

  @Param({"64", "256", "4096", "65536"})
  public int size;

  @Param({"true", "false"})
  public boolean direct;

  private int buffers;

  @Benchmark
  public boolean allocateAndRelease() {
    ByteBuf buffer = allocate(size, direct);
    boolean freed = buffer.release();
    if (++buffers == BUFFERS_A_REQUEST) {
      buffers = 0;
      endRequest();
    }
    return freed;
  }
}
