package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.Figures;
import dev.tidepool.benchmarks.LeakDetection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures one suite at one level of leak detection: in each round one fork of each benchmark, so
 * that each allocator's forks are spread over the whole time. What fails is kept as failed, and the
 * others go on.
 */
final class JmhRun {
  private static final TimeValue QUICK_ITERATION = TimeValue.milliseconds(150);

  private final BenchmarkSuite suite;
  private final LeakDetection level;
  private final Jdk jdk;
  private final boolean quick;
  private final Map<BenchmarkParams, List<BenchmarkResult>> forks = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();

  JmhRun(BenchmarkSuite suite, LeakDetection level, Jdk jdk, boolean quick) {
    this.suite = suite;
    this.level = level;
    this.jdk = jdk;
    this.quick = quick;
  }

  /**
   * @param log of JMH; only the last round's is kept
   */
  void measure(int rounds, Path log) throws IOException {
    for (int round = 1; round <= rounds; round++) {
      System.out.printf(
          "%s, leak detection %s, round %d of %d: %s%n", suite.name(), level, round, rounds, log);
      try {
        for (RunResult result : new Runner(options(log)).run()) {
          forks
              .computeIfAbsent(result.getParams(), any -> new ArrayList<>())
              .addAll(result.getBenchmarkResults());
        }
      } catch (RunnerException e) {
        failures.add("%s, %s: %s".formatted(suite.name(), level, e.getMessage()));
      }
      addFailures(Files.readAllLines(log));
    }
  }

  /** JMH says what it begins to run, and that it failed. */
  private void addFailures(List<String> log) {
    List<String> begun = new ArrayList<>();
    for (String line : log) {
      if (line.startsWith("# Benchmark: ")) {
        begun.clear();
      }
      if (line.startsWith("# Benchmark: ") || line.startsWith("# Parameters: ")) {
        begun.add(line.substring(line.indexOf(' ', 2) + 1));
      }
      if (line.equals("<failure>") || line.startsWith("<forked VM failed")) {
        failures.add(String.join(" ", begun) + ", leak detection " + level);
      }
    }
  }

  private Options options(Path log) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(suite.include(quick))
            .forks(1)
            .jvm(jdk.executable().toString())
            .jvmArgsPrepend(level.jvmArgument())
            .addProfiler(Figures.class)
            .output(log.toString());
    if (quick) {
      suite.quickParameters().forEach(options::param);
      if (!suite.isSingleShot()) {
        options.warmupIterations(2).warmupTime(QUICK_ITERATION);
        options.measurementIterations(3).measurementTime(QUICK_ITERATION);
      }
    }
    return options.build();
  }

  /** What was measured, each benchmark's forks together, as if JMH had run them in a row. */
  List<RunResult> results() {
    return forks.entrySet().stream()
        .map(each -> new RunResult(each.getKey(), each.getValue()))
        .toList();
  }

  List<String> failures() {
    return failures.stream().distinct().toList();
  }
}
