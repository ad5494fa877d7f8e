package dev.tidepool.benchmarks.report;

import static dev.tidepool.benchmarks.AllocatorUnderTest.ADAPTIVE;
import static dev.tidepool.benchmarks.AllocatorUnderTest.ARENA;
import static dev.tidepool.benchmarks.AllocatorUnderTest.CONNECTION;
import static dev.tidepool.benchmarks.AllocatorUnderTest.POOLED;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.RawBumpBenchmark;
import dev.tidepool.benchmarks.report.Target.AtLeastTimes;
import dev.tidepool.benchmarks.report.Target.AtMostTimesLimit;
import dev.tidepool.benchmarks.report.Target.Flat;
import dev.tidepool.benchmarks.report.Target.NoGarbage;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was aimed for. At Netty's defaults the targets speak of a connection's arena alone; with
 * leak detection disabled, of the shared allocator too.
 */
final class Targets {
  /** From this JDK on Netty does without {@code Unsafe}. */
  private static final int WITHOUT_UNSAFE = 24;

  private static final double BUMPS = 4;

  private Targets() {}

  static List<Target> of(JmhSuite suite, LeakDetection leakDetection, int jdk) {
    boolean disabled = leakDetection == LeakDetection.DISABLED;
    return subjects(disabled)
        .flatMap(
            subject ->
                switch (suite) {
                  case ALLOCATE_RELEASE ->
                      Stream.concat(bursts(subject, disabled, jdk), bumps(subject, disabled));
                  case REQUEST -> bursts(subject, disabled, jdk);
                  case RANDOM_VICTIM -> randomVictim(subject, disabled);
                  case GROW -> Stream.of(faster(subject, 3, ADAPTIVE));
                  case CROSS_THREAD -> Stream.of(faster(subject, disabled ? 1.5 : 2, ADAPTIVE));
                  case OFF_LOOP -> Stream.of(faster(subject, 1, ADAPTIVE));
                  case ACCESS -> Stream.of(faster(subject, 0.95, POOLED));
                  case RESET_COST -> resetCost(subject);
                  case GARBAGE -> garbage(subject);
                })
        .toList();
  }

  private static Stream<AllocatorUnderTest> subjects(boolean disabled) {
    return disabled ? Stream.of(CONNECTION, ARENA) : Stream.of(CONNECTION);
  }

  private static Stream<Target> bursts(AllocatorUnderTest subject, boolean disabled, int jdk) {
    boolean unsafe = jdk < WITHOUT_UNSAFE;
    double adaptive = disabled ? (unsafe ? 4 : 6) : (unsafe ? 6 : 8);
    double pooled = disabled ? (unsafe ? 8 : 10) : 12;
    return Stream.of(faster(subject, adaptive, ADAPTIVE), faster(subject, pooled, POOLED));
  }

  private static Stream<Target> bumps(AllocatorUnderTest subject, boolean disabled) {
    return disabled
        ? Stream.of(new AtMostTimesLimit(subject, BUMPS, RawBumpBenchmark.class.getSimpleName()))
        : Stream.of();
  }

  private static Stream<Target> randomVictim(AllocatorUnderTest subject, boolean disabled) {
    return disabled
        ? Stream.of(faster(subject, 1.5, ADAPTIVE))
        : Stream.of(
            faster(subject, 2, ADAPTIVE), new AtLeastTimes(Metric.HELD, subject, 1, ADAPTIVE));
  }

  /** Only a connection's arena has a reset. */
  private static Stream<Target> resetCost(AllocatorUnderTest subject) {
    return subject == CONNECTION
        ? Stream.of(new Flat(subject, "buffers", "1", "10000", 2))
        : Stream.of();
  }

  private static Stream<Target> garbage(AllocatorUnderTest subject) {
    return Stream.of(
        new NoGarbage(Metric.GARBAGE, subject), new NoGarbage(Metric.LOOP_GARBAGE, subject));
  }

  private static Target faster(AllocatorUnderTest subject, double factor, AllocatorUnderTest than) {
    return new AtLeastTimes(Metric.TIME, subject, factor, than);
  }
}
