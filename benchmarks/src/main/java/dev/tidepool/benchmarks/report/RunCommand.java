package dev.tidepool.benchmarks.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures, then writes the report. What fails is reported as failed, and the rest goes on. */
@Command(
    name = "run",
    description = "Runs the suites, keeps their JSON, and writes RESULTS.md and its charts.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--quick",
      description = "few cases, one fork, short iterations: says whether all works, proves nothing")
  private boolean quick;

  @Option(
      names = "--only",
      paramLabel = "SUITE",
      split = ",",
      description =
          "allocate-release, request, random-victim, grow, cross-thread, off-loop, access,"
              + " reset-cost, garbage; idle, burst, stragglers, ratchet, load, uploads, trim, or"
              + " memory for these"
              + " (default: all)")
  private List<String> only = List.of();

  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "where the JSON goes; RESULTS.md goes beside it (default: ${DEFAULT-VALUE})")
  private Path results = Path.of("benchmarks", "results");

  @Option(
      names = "--jvm",
      paramLabel = "PATH",
      description =
          "of another JDK, or its java, to measure on; its results lie beside those of others")
  private @Nullable Path jvm;

  @Option(
      names = "--forks",
      paramLabel = "N",
      description = "JVMs for each trial (default: 3, and 1 if quick or of memory)")
  private int forks;

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireKnown();
    long start = System.nanoTime();
    ResultFiles files = new ResultFiles(results);
    files.create();
    Jdk jdk = jvm == null ? Jdk.current() : Jdk.at(jvm);
    if (quick) {
      System.out.println("A quick run: it says whether all works, and proves nothing.");
    }
    List<String> failures = new ArrayList<>();
    for (JmhSuite suite : JmhSuite.values()) {
      if (isWanted(suite.toString())) {
        failures.addAll(measure(suite, jdk, files));
      }
    }
    failures.addAll(measureMemory(jdk, files));
    System.out.println(new ResultsPage(files).write());
    failures.forEach(failure -> System.out.println("FAILED: " + failure));
    System.out.printf("%d s%n", secondsSince(start));
    return failures.isEmpty() ? 0 : 1;
  }

  private void requireKnown() {
    for (String name : only) {
      if (allNames().noneMatch(name::equals)) {
        throw new ParameterException(
            spec.commandLine(),
            "--only: %s (expected: of %s)".formatted(name, allNames().toList()));
      }
    }
  }

  private static Stream<String> allNames() {
    Stream<String> jmh = Arrays.stream(JmhSuite.values()).map(JmhSuite::toString);
    Stream<String> memory = Stream.concat(MemorySuite.names().stream(), Stream.of(MemorySuite.ALL));
    return Stream.concat(jmh, memory);
  }

  private boolean isWanted(String suite) {
    return only.isEmpty() || only.contains(suite);
  }

  private List<String> measure(JmhSuite suite, Jdk jdk, ResultFiles files) throws IOException {
    long start = System.nanoTime();
    double load = load();
    List<String> failures = new ArrayList<>();
    for (LeakDetection level : LeakDetection.values()) {
      JmhRun run = new JmhRun(suite, level, jdk, quick);
      run.measure(rounds());
      files.write(suite, level, jdk.feature(), run.results());
      failures.addAll(run.failures());
    }
    files.write(suite.toString(), jdk.feature(), record(jdk, rounds(), load, start, failures));
    return failures;
  }

  private List<String> measureMemory(Jdk jdk, ResultFiles files)
      throws IOException, InterruptedException {
    List<String> failures = new ArrayList<>();
    for (String suite : MemorySuite.names()) {
      if (isWanted(suite) || only.contains(MemorySuite.ALL)) {
        long start = System.nanoTime();
        double load = load();
        int forks = memoryForks();
        List<String> failed = MemoryRun.measure(List.of(suite), results, jdk, quick, forks);
        files.write(suite, jdk.feature(), record(jdk, forks, load, start, failed));
        failures.addAll(failed);
      }
    }
    return failures;
  }

  private int rounds() {
    return forks > 0 ? forks : quick ? 1 : 3;
  }

  private int memoryForks() {
    return Math.max(forks, 1);
  }

  private RunRecord record(Jdk jdk, int forks, double load, long start, List<String> failures) {
    return new RunRecord(
        Instant.now().truncatedTo(ChronoUnit.MINUTES).toString(),
        command(jdk),
        quick,
        forks,
        jdk.version(),
        Machine.describe(),
        String.format(Locale.ROOT, "%.1f", load),
        secondsSince(start),
        failures);
  }

  /** What was called, but for where things lie on this machine. */
  private String command(Jdk jdk) {
    StringBuilder command = new StringBuilder("run");
    if (quick) {
      command.append(" --quick");
    }
    if (!only.isEmpty()) {
      command.append(" --only ").append(String.join(",", only));
    }
    if (forks > 0) {
      command.append(" --forks ").append(forks);
    }
    if (jvm != null) {
      command.append(" --jvm <JDK ").append(jdk.feature()).append('>');
    }
    return command.toString();
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static long secondsSince(long start) {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
  }
}
