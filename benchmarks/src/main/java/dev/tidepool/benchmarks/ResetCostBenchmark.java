package dev.tidepool.benchmarks;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ConnectionArena;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What {@code reset()} alone costs after a request of that many buffers. Only a connection's arena
 * has a reset.
 *
 * <p>A reset is shorter than the clock can tell, so {@value #ARENAS} arenas are each filled and
 * emptied before an invocation, and reset in it; the two readings of the clock around an invocation
 * come to less than a nanosecond for each reset. After the last request every arena serves one more
 * buffer, so that its fields are in the cache, where the end of a request finds them, however much
 * memory the requests went through. And because requests of 10,000 buffers leave time for few
 * invocations, the resets are warmed up before the first one: the same number of times whatever the
 * requests.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {
      EventLoopThreads.CUSTOM,
      EventLoopThreads.CLASS,
      Forks.MIN,
      Forks.MAX,
      Forks.GC
    })
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class ResetCostBenchmark {
  private static final int ARENAS = 64;
  private static final int SIZE = 128;
  private static final int WARM_UP = 20_000;

  @Param("CONNECTION")
  public AllocatorUnderTest allocator;

  @Param({"1", "100", "10000"})
  public int buffers;

  private final ConnectionArena[] arenas = new ConnectionArena[ARENAS];
  private ByteBuf[] request;

  @Setup
  public void open() {
    request = new ByteBuf[buffers - 1];
    EventExecutor loop = Objects.requireNonNull(ThreadExecutorMap.currentExecutor(), "event loop");
    ArenaByteBufAllocator shared = ArenaByteBufAllocator.builder().build();
    for (int i = 0; i < ARENAS; i++) {
      arenas[i] = shared.newConnectionArena(loop);
    }
    for (int i = 0; i < WARM_UP; i++) {
      serveOneBufferEach();
      reset();
    }
  }

  @Setup(Level.Invocation)
  public void serveRequests() {
    for (ConnectionArena arena : arenas) {
      for (int i = 0; i < request.length; i++) {
        request[i] = arena.directBuffer(SIZE);
      }
      for (ByteBuf buffer : request) {
        buffer.release();
      }
    }
    serveOneBufferEach();
  }

  private void serveOneBufferEach() {
    for (ConnectionArena arena : arenas) {
      arena.directBuffer(SIZE).release();
    }
  }

  @Benchmark
  @OperationsPerInvocation(ARENAS)
  public void reset() {
    for (ConnectionArena arena : arenas) {
      arena.reset();
    }
  }

  @TearDown
  public void close() {
    for (ConnectionArena arena : arenas) {
      arena.close();
    }
  }
}
