package dev.tidepool.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Garbage of the event-loop thread for each request of a real NIO echo on loopback. The request is
 * sent by a plain blocking socket on another thread, whose garbage does not count.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {Forks.MIN, Forks.MAX, Forks.GC})
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public abstract class EchoSuite {
  static final int MESSAGE = 1024;

  private LoopbackEcho echo;
  private long requests;
  private long bytesBefore;

  abstract LoopbackEcho connect() throws Exception;

  @Setup
  public void open() throws Exception {
    echo = connect();
  }

  @Setup(Level.Iteration)
  public void start() {
    requests = 0;
    bytesBefore = echo.loopAllocatedBytes();
  }

  final int roundTrip() throws IOException {
    requests++;
    return echo.roundTrip();
  }

  @TearDown(Level.Iteration)
  public void count(Garbage garbage) {
    long bytes = echo.loopAllocatedBytes() - bytesBefore;
    garbage.garbageBytes = (double) bytes / Math.max(1, requests);
  }

  @TearDown
  public void close() throws Exception {
    echo.close();
  }

  /** A second result beside the time. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Garbage {
    /** Bytes of garbage of the event-loop thread for each request. */
    public double garbageBytes;
  }
}
