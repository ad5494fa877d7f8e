package dev.tidepool.benchmarks.report;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tidepool.benchmarks.LeakDetection;
import dev.tidepool.benchmarks.report.SuiteResults.JmhResult;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/**
 * The directory of raw results. Each JDK has files of its own, so that several lie side by side:
 *
 * <pre>
 *   SUITE-LEVEL-jdkN.json   as JMH writes it
 *   SUITE-LEVEL-jdkN.log    what JMH said meanwhile
 *   SUITE-jdkN.run.json     when, how and on what; what failed
 * </pre>
 */
public record ResultFiles(Path directory) {
  private static final Pattern OF_JDK = Pattern.compile(".*-jdk(\\d+)\\.json");

  /**
   * How one suite came to be measured: kept beside its figures.
   *
   * @param command that did it
   * @param load the system's load average before it began; other work is in the figures too
   * @param failures what did not run to its end
   */
  public record RunRecord(
      String date,
      String command,
      boolean quick,
      int forks,
      String jdk,
      Map<String, String> machine,
      String load,
      long seconds,
      List<String> failures) {}

  Path log(BenchmarkSuite suite, LeakDetection level, int jdk) {
    return file(suite, level, jdk, "log");
  }

  private Path file(BenchmarkSuite suite, LeakDetection level, int jdk, String kind) {
    String name = "%s-%s-jdk%d.%s".formatted(suite.name(), level.words(), jdk, kind);
    return directory.resolve(name);
  }

  void write(BenchmarkSuite suite, LeakDetection level, int jdk, Collection<RunResult> results)
      throws IOException {
    Path file = file(suite, level, jdk, "json");
    try (PrintStream out =
        new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
    }
  }

  Optional<SuiteResults> read(BenchmarkSuite suite, LeakDetection level, int jdk)
      throws IOException {
    Path file = file(suite, level, jdk, "json");
    return Files.exists(file)
        ? Optional.of(
            new SuiteResults(
                suite, level, jdk, JSON.std.listOfFrom(JmhResult.class, Files.readString(file))))
        : Optional.empty();
  }

  void write(BenchmarkSuite suite, int jdk, RunRecord run) throws IOException {
    JSON pretty = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT);
    Files.writeString(run(suite, jdk), pretty.asString(run) + "\n");
  }

  Optional<RunRecord> readRun(BenchmarkSuite suite, int jdk) throws IOException {
    Path file = run(suite, jdk);
    return Files.exists(file)
        ? Optional.of(JSON.std.beanFrom(RunRecord.class, Files.readString(file)))
        : Optional.empty();
  }

  private Path run(BenchmarkSuite suite, int jdk) {
    return directory.resolve("%s-jdk%d.run.json".formatted(suite.name(), jdk));
  }

  /** The JDKs that measured anything, the oldest first. */
  SortedSet<Integer> jdks() throws IOException {
    SortedSet<Integer> jdks = new TreeSet<>();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        files
            .map(file -> OF_JDK.matcher(file.toString()))
            .filter(Matcher::matches)
            .forEach(name -> jdks.add(Integer.valueOf(name.group(1))));
      }
    }
    return jdks;
  }
}
