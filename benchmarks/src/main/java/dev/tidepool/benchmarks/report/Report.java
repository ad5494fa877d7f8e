package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.LeakDetection;
import dev.tidepool.benchmarks.report.ResultFiles.RunRecord;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command that runs the suites and writes the results up. */
@Command(
    name = "report",
    description = "Runs the suites and writes a page, with charts, from what they measured.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "(run | write)",
    scope = ScopeType.INHERIT)
public final class Report {
  private static final int ROUNDS = 3;

  @Spec private CommandSpec spec;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "where the raw results are (default: ${DEFAULT-VALUE})")
  private Path results = Path.of("benchmarks", "target", "results");

  @Option(
      names = "--page",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "what is written; its charts go beside it (default: RESULTS.md in DIR)")
  private @Nullable Path page;

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Report());
  }

  @Command(name = "write", description = "Writes the page anew, from the raw results there are.")
  int write() throws IOException {
    Path to = page == null ? results.resolve("RESULTS.md") : page;
    new ResultsPage(new ResultFiles(results)).write(to);
    System.out.println(to);
    return 0;
  }

  @Command(name = "run", description = "Runs the suites, keeps what they measure, and writes.")
  int run(
      @Option(
              names = "--quick",
              description =
                  "few cases, one fork, short iterations: says whether all works, proves nothing")
          boolean quick,
      @Option(
              names = "--only",
              paramLabel = "SUITE",
              split = ",",
              description = "these suites; memory: all about memory (default: all)")
          @Nullable List<String> only,
      @Option(
              names = "--jvm",
              paramLabel = "PATH",
              description =
                  "of another JDK, or its java, to measure on; its results lie beside others'")
          @Nullable Path jvm,
      @Option(
              names = "--forks",
              paramLabel = "N",
              defaultValue = "0",
              description = "JVMs for each case (default: 3, and 1 if quick or of memory)")
          int forks)
      throws IOException {
    Jdk jdk = jvm == null ? Jdk.current() : Jdk.at(jvm);
    List<BenchmarkSuite> suites = wanted(only == null ? List.of() : only);
    Files.createDirectories(results);
    List<String> failures = new ArrayList<>();
    for (BenchmarkSuite suite : suites) {
      int rounds = forks > 0 ? forks : quick || suite.isSingleShot() ? 1 : ROUNDS;
      failures.addAll(measure(suite, jdk, quick, rounds));
    }
    write();
    failures.forEach(failure -> System.out.println("FAILED: " + failure));
    return failures.isEmpty() ? 0 : 1;
  }

  private List<BenchmarkSuite> wanted(List<String> only) {
    List<BenchmarkSuite> all = BenchmarkSuite.all();
    List<String> names = new ArrayList<>(all.stream().map(BenchmarkSuite::name).toList());
    names.add(BenchmarkSuite.MEMORY);
    for (String name : only) {
      if (!names.contains(name)) {
        throw new ParameterException(
            spec.commandLine(), "--only: %s (expected: of %s)".formatted(name, names));
      }
    }
    return all.stream().filter(suite -> isWanted(suite, only)).toList();
  }

  private static boolean isWanted(BenchmarkSuite suite, List<String> only) {
    return only.isEmpty()
        || only.contains(suite.name())
        || (suite.isOfMemory() && only.contains(BenchmarkSuite.MEMORY));
  }

  private List<String> measure(BenchmarkSuite suite, Jdk jdk, boolean quick, int rounds)
      throws IOException {
    ResultFiles files = new ResultFiles(results);
    long start = System.nanoTime();
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    List<String> failures = new ArrayList<>();
    for (LeakDetection level : suite.levels()) {
      JmhRun run = new JmhRun(suite, level, jdk, quick);
      run.measure(rounds, files.log(suite, level, jdk.feature()));
      files.write(suite, level, jdk.feature(), run.results());
      failures.addAll(run.failures());
    }
    RunRecord record =
        new RunRecord(
            Instant.now().truncatedTo(ChronoUnit.MINUTES).toString(),
            "run --only " + suite.name() + (quick ? " --quick" : " --forks " + rounds),
            quick,
            rounds,
            jdk.version(),
            Machine.describe(),
            String.format(Locale.ROOT, "%.1f", load),
            TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
            failures);
    files.write(suite, jdk.feature(), record);
    return failures;
  }
}
