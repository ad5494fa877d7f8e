package dev.tidepool.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.LeakDetection;
import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.suites.ResetCostBenchmark;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The suites are what their classes declare, and a quick run leaves none out. */
final class BenchmarkSuiteTest {
  /** What only a connection's arena has, and a server that is looked at. */
  private static final List<String> ONLY_CONNECTIONS = List.of("reset", "round");

  static List<BenchmarkSuite> suites() {
    return BenchmarkSuite.all();
  }

  @Test
  void everySuiteIsFound() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      List<String> declared =
          files.filter(BenchmarkSuiteTest::declaresASuite).map(BenchmarkSuiteTest::name).toList();
      assertThat(declared).hasSizeGreaterThanOrEqualTo(16);
      assertThat(suites())
          .extracting(BenchmarkSuite::name)
          .containsExactlyInAnyOrderElementsOf(declared);
    }
  }

  private static boolean declaresASuite(Path file) {
    try {
      return file.toString().endsWith(".java")
          && Files.readAllLines(file).stream().anyMatch(line -> line.startsWith("@Suite("));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path file) {
    return file.getFileName()
        .toString()
        .replaceFirst("(Benchmark)?\\.java$", "")
        .replaceAll("(?<=.)([A-Z])", "-$1")
        .toLowerCase(Locale.ROOT);
  }

  @ParameterizedTest
  @MethodSource("suites")
  void everySuiteHasATitleAndTargets(BenchmarkSuite suite) {
    assertThat(suite.declared().title()).isNotBlank();
    assertThat(suite.declared().operation()).endsWith(".");
    assertThat(suite.targets()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("suites")
  void quickRunIsAPartOfTheFullOne(BenchmarkSuite suite) {
    Map<String, Map<String, String[]>> all = suite.benchmarks();
    Stream<String> quick = all.keySet().stream().map(name -> suite.type().getName() + '.' + name);
    assertThat(quick).anyMatch(name -> name.matches(suite.include(true)));
    suite
        .quickParameters()
        .keySet()
        .forEach(
            name -> assertThat(all.values()).as(name).anyMatch(params -> params.containsKey(name)));
  }

  @ParameterizedTest
  @MethodSource("suites")
  void everyBenchmarkButALimitRunsEveryAllocator(BenchmarkSuite suite) {
    String[] all = AllocatorUnderTest.always().stream().map(Enum::name).toArray(String[]::new);
    assertThat(suite.benchmarks()).isNotEmpty();
    suite
        .benchmarks()
        .forEach(
            (name, params) -> {
              boolean isBeside = name.startsWith("Limit.") || name.startsWith("RawBump.");
              assertThat(params.containsKey(Suite.UNDER_TEST)).as(name).isNotEqualTo(isBeside);
              if (!isBeside && !ONLY_CONNECTIONS.contains(name)) {
                assertThat(params.get(Suite.UNDER_TEST)).containsExactly(all);
              }
            });
  }

  /** JMH changes the last parameter first, in the order of their names. */
  @ParameterizedTest
  @MethodSource("suites")
  void allocatorsOfACaseFollowEachOther(BenchmarkSuite suite) {
    assertThat(suite.benchmarks().values())
        .filteredOn(params -> params.containsKey(Suite.UNDER_TEST))
        .allSatisfy(
            params ->
                assertThat(new TreeSet<>(params.keySet()).last())
                    .as("the last parameter by name, which JMH changes first")
                    .isEqualTo(Suite.UNDER_TEST));
  }

  @ParameterizedTest
  @MethodSource("suites")
  void everyLimitIsOneOfABenchmark(BenchmarkSuite suite) {
    Set<String> names = suite.benchmarks().keySet();
    assertThat(names)
        .filteredOn(name -> name.startsWith("Limit."))
        .allSatisfy(name -> assertThat(names).contains(name.replaceFirst("Limit\\.", "")));
  }

  @Test
  void aRunKeepsAllForksAndWritesThePage(@TempDir Path directory) throws Exception {
    String results = "--results=" + directory;
    assertThat(
            Report.commandLine()
                .execute("run", "--quick", "--only=reset-cost", "--forks=2", results))
        .isZero();
    BenchmarkSuite suite = new BenchmarkSuite(ResetCostBenchmark.class);
    int jdk = Runtime.version().feature();
    SuiteResults read =
        new ResultFiles(directory).read(suite, LeakDetection.DISABLED, jdk).orElseThrow();
    assertThat(read.rows())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row.of(AllocatorUnderTest.CONNECTION).forks())
                    .hasSize(2)
                    .allSatisfy(fork -> assertThat(fork).hasSize(3).allMatch(time -> time > 0)));
    assertThat(Files.readString(directory.resolve("RESULTS.md")))
        .contains("### Reset cost", "`run --only reset-cost --quick`. Nothing failed.");
  }

  @Test
  void anUnknownSuiteIsNamed() {
    StringWriter said = new StringWriter();
    int exit = Report.commandLine().setErr(new PrintWriter(said)).execute("run", "--only=none");
    assertThat(exit).isEqualTo(2);
    assertThat(said.toString()).startsWith("--only: none (expected: of [access,");
  }
}
