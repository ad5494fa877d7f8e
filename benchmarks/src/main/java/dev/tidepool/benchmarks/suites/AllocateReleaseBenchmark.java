package dev.tidepool.benchmarks.suites;

import static dev.tidepool.benchmarks.AllocatorUnderTest.ADAPTIVE;
import static dev.tidepool.benchmarks.AllocatorUnderTest.POOLED;
import static dev.tidepool.benchmarks.LeakDetection.DISABLED;

import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import io.netty.buffer.ByteBuf;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** What it costs to allocate one buffer and release it at once, on an event-loop thread. */
@Suite(
    title = "Allocate and release",
    operation =
        "One operation allocates a buffer and releases it. A connection's arena resets every 32."
            + " Beside it: a bump of a long.",
    quick = {"size=256", "direct=true"})
@Target(atLeast = 6, atLeastWithoutUnsafe = 8, than = ADAPTIVE)
@Target(atLeast = 12, than = POOLED)
@Target(at = DISABLED, atLeast = 4, atLeastWithoutUnsafe = 6, than = ADAPTIVE)
@Target(at = DISABLED, atLeast = 8, atLeastWithoutUnsafe = 10, than = POOLED)
@Target(at = DISABLED, atMost = 4, asIn = "RawBump")
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

  /** What moving a {@code long} costs, and nothing else. */
  public static class RawBump extends EventLoopBenchmark {
    private long position;
    private int size = 256;

    @Benchmark
    public long bump() {
      position += size;
      return position;
    }
  }
}
