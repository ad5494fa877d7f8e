package dev.tidepool.echo.compare;

import dev.tidepool.echo.compare.RunResult.Account;
import dev.tidepool.echo.compare.RunResult.Latency;
import dev.tidepool.echo.compare.RunResult.MemorySample;
import dev.tidepool.echo.compare.RunResult.Phase;
import dev.tidepool.echo.compare.RunResult.Span;
import dev.tidepool.echo.server.AllocatorChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Raw data that are made up: each subject's figures are a factor of the pooled allocator's. */
public final class MadeRuns {
  static final List<Subject> SUBJECTS = Subject.withTwin(AllocatorChoice.named());

  /** Far apart, but for arena and its best peer. */
  private static final Map<String, Double> FACTORS =
      Map.of(
          "connection", 0.5,
          "connection again", 0.5,
          "arena", 1.0,
          "pooled", 1.0,
          "adaptive", 1.25,
          "unpooled", 2.5);

  private static final double NOISE = 0.04;

  private MadeRuns() {}

  /** Of all allocators in these scenarios. */
  static RawData.Contents contents(List<String> scenarios, int rounds) {
    SplittableRandom random = new SplittableRandom(5);
    List<RunResult> runs = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (String scenario : scenarios) {
        for (Subject subject : SUBJECTS) {
          double factor = FACTORS.get(subject.label()) * (1 + NOISE * random.nextDouble(-1, 1));
          runs.add(run(scenario, subject, round, runs.size(), factor, random));
        }
      }
    }
    return new RawData.Contents(setup(scenarios), runs, List.of());
  }

  /** Writes such raw data into a directory. */
  public static void write(Path directory, List<String> scenarios, int rounds) throws IOException {
    write(directory, contents(scenarios, rounds));
  }

  /** Writes raw data into a directory, but for failures. */
  static void write(Path directory, RawData.Contents contents) throws IOException {
    try (RawData raw = new RawData(directory, contents.setup(), line -> {})) {
      for (RunResult run : contents.runs()) {
        raw.add(run);
      }
    }
  }

  /** The same run of another subject, or without a phase at the common rate. */
  static RunResult with(RunResult run, String subject, @Nullable Phase atRate) {
    return new RunResult(
        run.scenario(),
        subject,
        subject,
        run.round(),
        run.order(),
        run.seed(),
        run.flatOut(),
        atRate,
        run.peakResidentBytes(),
        run.settledResidentBytes(),
        run.peakUpstreamBytes(),
        run.settledUpstreamBytes(),
        run.gcCount(),
        run.gcNanos(),
        run.leaks(),
        run.memory(),
        run.phases(),
        run.account());
  }

  /** The same run with as many latencies as there are for a p99, and too few for a p99.9. */
  static RunResult withFewLatencies(RunResult run) {
    Phase all = run.atRate();
    Latency latency = all.latency();
    return with(
        run,
        run.subject(),
        new Phase(
            all.ratePerSecond(),
            all.perSecond(),
            all.requests(),
            all.loopCpuNanos(),
            all.javaCpuNanos(),
            all.processCpuNanos(),
            new Latency(
                9_999,
                latency.p50(),
                latency.p99(),
                latency.p999(),
                latency.max(),
                latency.spectrum()),
            all.errors(),
            all.mismatchedBytes(),
            all.serverBusy(),
            all.warm(),
            all.clientBusy(),
            all.latestSendNanos()));
  }

  private static Setup setup(List<String> scenarios) {
    return new Setup(
        1,
        "2026-01-02T03:04:05Z",
        "java -jar tidepool-echo.jar compare --seed 5",
        SUBJECTS,
        scenarios,
        List.of("churn needs 356 open files in each process, and there may be 64"),
        Map.of("processor", "none: these data are made up", "Java", "17 <&> \"x\""),
        List.of("taskset -c 0 java -cp tidepool-echo.jar </script>"));
  }

  static RunResult run(
      String scenario,
      Subject subject,
      int round,
      int order,
      double factor,
      SplittableRandom random) {
    return new RunResult(
        scenario,
        subject.label(),
        subject.allocator(),
        round,
        order,
        5 + round,
        phase(null, factor, random),
        phase(60_000.0, factor, random),
        (long) (factor * (100 << 20)),
        (long) (factor * (80 << 20)),
        (long) (factor * (30 << 20)),
        (long) (factor * (8 << 20)),
        round % 3,
        1_000_000L * round,
        0,
        memory(factor),
        List.of(
            new Span("warm-up", 0, 1000),
            new Span("flat out", 1000, 2500),
            new Span("at the common rate", 2600, 4000),
            new Span("silence", 4000, 5000)),
        new Account(true, 0, 0));
  }

  private static Phase phase(Double rate, double factor, SplittableRandom random) {
    return new Phase(
        rate,
        rate == null ? 100_000 / factor : rate,
        100_000,
        2_000 * factor,
        2_100 * factor,
        2_500 * factor,
        latency(factor, random),
        Map.of(),
        0,
        0.9,
        true,
        0.5,
        1_000);
  }

  private static Latency latency(double factor, SplittableRandom random) {
    Histogram latencies = new Histogram(3);
    for (int i = 0; i < 10_000; i++) {
      latencies.recordValue((long) (factor * 80_000 / (0.01 + random.nextDouble())));
    }
    return Spectrum.of(latencies);
  }

  private static List<MemorySample> memory(double factor) {
    return IntStream.range(0, 50)
        .mapToObj(
            i ->
                new MemorySample(
                    i * 100L,
                    (long) ((60 + 40 * factor * Math.sin(i / 20.0)) * (1 << 20)),
                    (long) (factor * i * (1 << 18))))
        .toList();
  }
}
