package dev.tidepool.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures one suite at one level of leak detection, fork by fork: in each round every trial once,
 * so that each allocator's forks are spread over the whole time. A trial that fails is kept as
 * failed, and the others go on.
 */
final class JmhRun {
  private static final TimeValue QUICK_ITERATION = TimeValue.milliseconds(150);
  private static final TimeValue GARBAGE_ITERATION = TimeValue.milliseconds(300);

  /**
   * Which of Netty's slices are spared differs from compilation to compilation, in steps of 40 B;
   * so none is, of nobody's.
   */
  private static final String COUNT_ALL = "-XX:-DoEscapeAnalysis";

  private final JmhSuite suite;
  private final LeakDetection leakDetection;
  private final Jdk jdk;
  private final boolean quick;
  private final Map<Trial, List<BenchmarkResult>> forks = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();

  JmhRun(JmhSuite suite, LeakDetection leakDetection, Jdk jdk, boolean quick) {
    this.suite = suite;
    this.leakDetection = leakDetection;
    this.jdk = jdk;
    this.quick = quick;
  }

  void measure(int rounds) throws IOException {
    List<Trial> trials = Plan.of(suite, quick);
    for (int round = 1; round <= rounds; round++) {
      for (int i = 0; i < trials.size(); i++) {
        System.out.printf(
            "%s, %s, round %d of %d, %d of %d: %s: ",
            suite, leakDetection, round, rounds, i + 1, trials.size(), trials.get(i));
        measure(trials.get(i));
      }
    }
  }

  private void measure(Trial trial) throws IOException {
    Path output = Files.createTempFile("jmh", ".txt");
    try {
      Collection<RunResult> results = new Runner(options(trial, output)).run();
      for (RunResult result : results) {
        System.out.println(result.getPrimaryResult());
        forks.computeIfAbsent(trial, any -> new ArrayList<>()).addAll(result.getBenchmarkResults());
      }
      if (results.isEmpty()) {
        failed(trial, "no result", output);
      }
    } catch (RunnerException e) {
      failed(trial, rootOf(e), output);
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private void failed(Trial trial, String why, Path output) throws IOException {
    System.out.println("FAILED");
    System.out.println(Files.readString(output));
    failures.add("%s, %s: %s".formatted(trial, leakDetection.words(), why));
  }

  private static String rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    for (Throwable suppressed : root.getSuppressed()) {
      return rootOf(suppressed);
    }
    return root.toString();
  }

  private Options options(Trial trial, Path output) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include('^' + Pattern.quote(trial.benchmark()) + '$')
            .forks(1)
            .jvm(jdk.executable().toString())
            .shouldFailOnError(true)
            .output(output.toString());
    trial.parameters().forEach(options::param);
    List<String> jvmArgs = new ArrayList<>(leakDetection.jvmArgs());
    if (suite == JmhSuite.GARBAGE) {
      iterations(options, 2, GARBAGE_ITERATION);
    }
    if (suite.isWatchedByGcProfiler(trial.of())) {
      options.addProfiler(GCProfiler.class);
      jvmArgs.add(COUNT_ALL);
    }
    if (!jvmArgs.isEmpty()) {
      options.jvmArgsPrepend(jvmArgs.toArray(String[]::new));
    }
    if (quick) {
      iterations(options, 3, QUICK_ITERATION);
    }
    return options.build();
  }

  private static void iterations(ChainedOptionsBuilder options, int count, TimeValue time) {
    options.warmupIterations(2).warmupTime(time).measurementIterations(count).measurementTime(time);
  }

  /** What was measured, each trial's forks together, as if JMH had run them in a row. */
  List<RunResult> results() {
    return forks.values().stream()
        .map(results -> new RunResult(results.get(0).getParams(), results))
        .toList();
  }

  List<String> failures() {
    return List.copyOf(failures);
  }
}
