package dev.tidepool.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Allocates one buffer and releases it at once, on an event-loop thread. The connection's arena is
 * reset every {@value #BUFFERS_A_REQUEST} buffers.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {EventLoopThreads.CUSTOM, EventLoopThreads.CLASS})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class AllocateReleaseBenchmark {
  private static final int BUFFERS_A_REQUEST = 32;

  @Param public AllocatorUnderTest allocator;

  @Param({"64", "256", "4096", "65536"})
  public int size;

  @Param({"true", "false"})
  public boolean direct;

  private ByteBufAllocator alloc;
  private int buffers;
  private long bumped;

  @Setup
  public void setUp() {
    alloc = allocator.create();
  }

  @Benchmark
  public boolean allocateAndRelease() {
    ByteBuf buffer = direct ? alloc.directBuffer(size) : alloc.heapBuffer(size);
    boolean freed = buffer.release();
    if (++buffers == BUFFERS_A_REQUEST) {
      buffers = 0;
      allocator.endRequest(alloc);
    }
    return freed;
  }

  /** The limit: what a bump pointer costs by itself. */
  @Benchmark
  public long bumpOfALong() {
    bumped += size;
    return bumped;
  }
}
