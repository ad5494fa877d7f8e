package dev.tidepool.benchmarks.suites;

import static dev.tidepool.benchmarks.AllocatorUnderTest.ADAPTIVE;
import static dev.tidepool.benchmarks.LeakDetection.DISABLED;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.SizeMix;
import dev.tidepool.benchmarks.Subject;
import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One, two and eight plain threads on one allocator: JMH's own threads, which are no event loop's.
 * Each keeps {@value #LIVING} buffers alive and replaces the oldest. A connection's arena lives on
 * an event loop that is none of these; no request ends.
 */
@Suite(
    title = "Off loop",
    operation =
        "One operation is a buffer allocated and the oldest of 16 released, by plain threads that"
            + " share one allocator. With more threads than cores an operation's time includes"
            + " waiting for a core.",
    quickMethods = "twoThreads")
@Target(atLeast = 1, than = ADAPTIVE)
@Target(at = DISABLED, atLeast = 1, than = ADAPTIVE)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+UseG1GC"})
@Warmup(iterations = 6, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class OffLoopBenchmark extends EventLoopBenchmark {
  private static final int LIVING = 16;
  private static final int SIZES = 1 << 10;
  private static final long SEED = 20131;

  @Benchmark
  @Threads(1)
  public ByteBuf oneThread(PlainThread thread) {
    return thread.replaceOldest();
  }

  @Benchmark
  @Threads(2)
  public ByteBuf twoThreads(PlainThread thread) {
    return thread.replaceOldest();
  }

  @Benchmark
  @Threads(8)
  public ByteBuf eightThreads(PlainThread thread) {
    return thread.replaceOldest();
  }

  /** The allocator that all threads share. */
  @State(Scope.Benchmark)
  public static class Shared {
    @Param({"CONNECTION", "ARENA", "POOLED", "ADAPTIVE", "UNPOOLED"})
    public AllocatorUnderTest underTest;

    private final EventExecutor loop = new DefaultEventExecutor();
    private ByteBufAllocator alloc;

    @Setup
    public void create() {
      alloc = new Subject(underTest).openConnection(loop);
    }

    @TearDown
    public void stop() throws Exception {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).get();
    }
  }

  /** What each thread has for itself. */
  @State(Scope.Thread)
  public static class PlainThread {
    private final ByteBuf[] buffers = new ByteBuf[LIVING];
    private int[] sizes;
    private ByteBufAllocator alloc;
    private int next;

    @Setup
    public void fill(Shared shared) {
      sizes = SizeMix.API_GATEWAY.draw(SIZES, SEED);
      alloc = shared.alloc;
      for (int i = 0; i < LIVING; i++) {
        buffers[i] = alloc.directBuffer(sizes[i]);
      }
    }

    ByteBuf replaceOldest() {
      int at = next++;
      buffers[at & (LIVING - 1)].release();
      ByteBuf buffer = alloc.directBuffer(sizes[at & (SIZES - 1)]);
      buffers[at & (LIVING - 1)] = buffer;
      return buffer;
    }

    @TearDown
    public void releaseAll(Shared shared) {
      for (ByteBuf buffer : buffers) {
        buffer.release();
      }
    }
  }
}
