package dev.tidepool.benchmarks.memory;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.Figures;
import dev.tidepool.benchmarks.Subject;
import dev.tidepool.benchmarks.memory.MemorySeries.Sample;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Timeout;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Something that is done once with one allocator, in a JVM that does nothing else; its figures are
 * what was held then. The whole heap is resident from the start, so RSS is about the rest.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Timeout(time = 240)
@Fork(
    value = 1,
    jvmArgs = {
      "-Xms512m",
      "-Xmx512m",
      "-XX:+AlwaysPreTouch",
      "-XX:+UseG1GC",
      "-XX:MaxDirectMemorySize=4g",
      // JOL looks at sizes and fields; it falls back, with words, where it may not.
      "-XX:+IgnoreUnrecognizedVMOptions",
      "-XX:+EnableDynamicAgentLoading",
      "-Djdk.attach.allowAttachSelf=true",
      "-Djol.magicFieldOffset=true",
      "--enable-native-access=ALL-UNNAMED"
    })
public abstract class MemoryBenchmark {
  private static final int PAGE_BYTES = 4096;

  @Param({"CONNECTION", "ARENA", "POOLED", "ADAPTIVE", "UNPOOLED"})
  public AllocatorUnderTest underTest;

  Subject subject;
  long residentBefore;

  @Setup
  public final void create() {
    subject = new Subject(underTest);
  }

  @Benchmark
  public final void run() throws Exception {
    measure();
  }

  abstract void measure() throws Exception;

  /** What is resident from now on is the benchmark's. */
  final void start() {
    residentBefore = ProcessMemory.resident();
  }

  /** Until the clock has given back what it gives back. */
  static void rest(int trimIntervals) throws InterruptedException {
    Thread.sleep(Subject.TRIM_INTERVAL.multipliedBy(trimIntervals).toMillis());
  }

  /** A direct buffer with a byte written to each page: the system has given it, not promised. */
  static ByteBuf touched(ByteBufAllocator allocator, int bytes) {
    ByteBuf buffer = allocator.directBuffer(bytes);
    for (int at = 0; at < bytes; at += PAGE_BYTES) {
      buffer.setByte(at, 1);
    }
    return buffer;
  }

  static void release(ByteBuf... buffers) {
    for (ByteBuf each : buffers) {
      each.release();
    }
  }

  /** What is held now, by the allocator's account and by the system's. */
  final void addHeld(String situation) {
    addHeld(situation, subject.heldBytes(), ProcessMemory.resident() - residentBefore);
  }

  static void addHeld(String situation, long held, long residentRise) {
    Figures.add(situation, Figures.HELD, Figures.BYTES, held);
    Figures.add(situation, Figures.RSS_RISE, Figures.BYTES, residentRise);
  }

  /** The peaks while a client is at work, and how much it says that it has done. */
  final void addLoad(String situation, String done, ClientProcess client, Duration step)
      throws IOException, InterruptedException {
    MemorySeries series = MemorySeries.until(taken -> client.hasSpoken(), subject, step);
    Figures.add(situation, Figures.PEAK_HELD, Figures.BYTES, series.peak(Sample::held));
    long rise = series.peak(Sample::resident) - residentBefore;
    Figures.add(situation, Figures.PEAK_RSS, Figures.BYTES, rise);
    Figures.add(situation, done, Figures.COUNT, client.awaitEchoed());
  }

  static void addLiving(String situation, long livingBefore, int connections) {
    double living = (double) (ProcessMemory.livingHeap() - livingBefore) / connections;
    String figure = "heap bytes per connection (after a collection)";
    Figures.add(situation, figure, Figures.BYTES, living);
  }
}
