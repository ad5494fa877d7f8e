package dev.tidepool.benchmarks;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
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

/** Allocates one direct buffer and releases it at once. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class AllocateReleaseBenchmark {
  private static final int SIZE = 256;

  /** The allocators measured. */
  public enum Allocator {
    POOLED,
    ADAPTIVE
  }

  @Param public Allocator allocator;

  private ByteBufAllocator alloc;

  @Setup
  public void setUp() {
    alloc =
        switch (allocator) {
          case POOLED -> PooledByteBufAllocator.DEFAULT;
          case ADAPTIVE -> new AdaptiveByteBufAllocator();
        };
  }

  @Benchmark
  public boolean allocateAndRelease() {
    return alloc.directBuffer(SIZE).release();
  }
}
