package dev.tidepool.benchmarks.suites;

import static dev.tidepool.benchmarks.LeakDetection.DEFAULT;
import static dev.tidepool.benchmarks.LeakDetection.DISABLED;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ConnectionArena;
import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.EventLoopThreads;
import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What {@code reset()} alone costs after a request of that many buffers. Only a connection's arena
 * has a reset.
 *
 * <p>A reset is shorter than the clock can tell, so {@value #ARENAS} arenas are each filled and
 * emptied before an invocation, and reset in it; the two readings of the clock around an invocation
 * come to less than a nanosecond for each reset.
 *
 * <p>So that nothing but the arena's own buffers makes a difference, the event loop serves {@value
 * #OF_THE_LOOP} buffers for each arena whatever the arena's share of them is; the others are
 * another connection's, which is reset before the next. All arenas are served before any is reset,
 * so that the caches are as cold in every case. And because that leaves time for few invocations,
 * resets are warmed up before the first one.
 */
@Suite(
    title = "Reset cost",
    operation =
        "One operation is one `reset()`, after a request of that many buffers, all released. In"
            + " every case the event loop has served 10,000 buffers, so that its caches are equally"
            + " cold; the others were another connection's. 64 arenas are reset in a row, as one"
            + " reset is shorter than the clock can tell.",
    quick = "buffers=1")
@Target(
    at = {DEFAULT, DISABLED},
    where = "buffers 10000",
    atMost = 2,
    asIn = "buffers 1")
@Warmup(iterations = 4, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class ResetCostBenchmark extends EventLoopBenchmark {
  private static final int ARENAS = 64;
  private static final int OF_THE_LOOP = 10_000;
  private static final int SIZE = 128;
  private static final int WARM_UP = 20_000;

  @Param("CONNECTION")
  public AllocatorUnderTest underTest;

  @Param({"1", "100", "10000"})
  public int buffers;

  private final ConnectionArena[] arenas = new ConnectionArena[ARENAS];
  private final ConnectionArena[] others = new ConnectionArena[ARENAS];
  private ByteBuf[] request;
  private ByteBuf[] othersRequest;

  @Setup
  public void open() {
    request = new ByteBuf[buffers];
    othersRequest = new ByteBuf[OF_THE_LOOP - buffers];
    EventExecutor loop = EventLoopThreads.current();
    ArenaByteBufAllocator shared = ArenaByteBufAllocator.builder().build();
    for (int i = 0; i < ARENAS; i++) {
      arenas[i] = shared.newConnectionArena(loop);
      others[i] = shared.newConnectionArena(loop);
    }
    for (int i = 0; i < WARM_UP; i++) {
      serveOneBufferEach();
      reset();
    }
  }

  @Setup(Level.Invocation)
  public void serveRequests() {
    for (int i = 0; i < ARENAS; i++) {
      others[i].reset();
      serve(others[i], othersRequest);
      serve(arenas[i], request);
    }
  }

  private static void serve(ConnectionArena arena, ByteBuf[] request) {
    for (int i = 0; i < request.length; i++) {
      request[i] = arena.directBuffer(SIZE);
    }
    for (ByteBuf buffer : request) {
      buffer.release();
    }
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
    for (ConnectionArena other : others) {
      other.close();
    }
  }
}
