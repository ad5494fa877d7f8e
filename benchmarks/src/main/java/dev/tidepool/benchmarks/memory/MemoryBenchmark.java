package dev.tidepool.benchmarks.memory;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.Figures;
import dev.tidepool.benchmarks.Subject;
import java.util.Collections;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
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
  @Param public AllocatorUnderTest underTest;

  @Benchmark
  public final void run() throws Exception {
    run(new Subject(underTest));
  }

  abstract void run(Subject subject) throws Exception;

  /** Until the clock has given back what it gives back. */
  static void rest(int trimIntervals) throws InterruptedException {
    Thread.sleep(Subject.TRIM_INTERVAL.multipliedBy(trimIntervals).toMillis());
  }

  /** What is held now, by the allocator's account and by the system's. */
  static void addHeld(String situation, Subject subject, long residentBefore) {
    addHeld(situation, subject.heldBytes(), ProcessMemory.resident() - residentBefore);
  }

  static void addHeld(String situation, long held, long residentRise) {
    Figures.add(situation, Figures.HELD, Figures.BYTES, held);
    Figures.add(situation, Figures.RSS_RISE, Figures.BYTES, residentRise);
  }

  static void addPeaks(String situation, MemorySeries series, long residentBefore) {
    Figures.add(situation, Figures.PEAK_HELD, Figures.BYTES, series.peakHeld());
    long peak = Collections.max(series.resident());
    Figures.add(situation, Figures.PEAK_RSS, Figures.BYTES, peak - residentBefore);
  }

  static void addLiving(String situation, long livingBefore, int connections) {
    double living = (double) (ProcessMemory.livingHeap() - livingBefore) / connections;
    String figure = "heap bytes per connection (after a collection)";
    Figures.add(situation, figure, Figures.BYTES, living);
  }
}
