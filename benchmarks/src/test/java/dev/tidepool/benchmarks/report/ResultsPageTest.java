package dev.tidepool.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.benchmarks.report.ResultFiles.RunRecord;
import dev.tidepool.benchmarks.suites.RequestBenchmark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page says what the files say: what is met, what is missed, what failed. */
final class ResultsPageTest {
  private static final String REQUEST = "suites.RequestBenchmark.request";

  @TempDir private Path directory;

  private String page() throws IOException {
    Path page = directory.resolve("RESULTS.md");
    new ResultsPage(new ResultFiles(directory)).write(page);
    return Files.readString(page);
  }

  private void write(String file, String... results) throws IOException {
    Files.writeString(directory.resolve(file), "[" + String.join(",", results) + "]");
  }

  private static String result(String benchmark, String params, String raw, String secondary) {
    return """
        {"benchmark": "dev.tidepool.benchmarks.%s", "params": {%s},
         "primaryMetric": {"scoreUnit": "ns/op", "rawData": %s}, "secondaryMetrics": {%s}}
        """
        .formatted(benchmark, params, raw, secondary);
  }

  private static String forks(String allocator, double... means) {
    String params = "\"underTest\": \"%s\", \"order\": \"FIFO\"".formatted(allocator);
    String raw =
        Arrays.stream(means).mapToObj(mean -> "[" + mean + "]").collect(Collectors.joining(","));
    return result(REQUEST, params, "[" + raw + "]", "");
  }

  private static String found(
      String benchmark, String allocator, String figure, String unit, double value) {
    String params = allocator.isEmpty() ? "" : "\"underTest\": \"%s\"".formatted(allocator);
    String secondary =
        "\"000 | %s\": {\"scoreUnit\": \"%s\", \"rawData\": [[%s]]}".formatted(figure, unit, value);
    return result(benchmark, params, "[[1]]", secondary);
  }

  @Test
  void withoutFilesThereIsOnlyTheIntroduction() throws IOException {
    assertThat(page()).startsWith("# Results").doesNotContain("## JDK");
  }

  @Test
  void ratiosAreHeldAgainstTheirTargets() throws IOException {
    write(
        "request-default-jdk17.json",
        forks("CONNECTION", 100, 101, 99),
        forks("ADAPTIVE", 800, 802, 798),
        forks("POOLED", 900, 905, 895));
    assertThat(page())
        .contains("## JDK 17", "| request: order FIFO | 100 ± 2.48 |")
        .containsPattern("request: order FIFO \\| 8.00 \\[7.8\\d, 8.1\\d\\] met \\|")
        .contains("**missed**")
        .contains("| Request | default | connection ≥ 6 × adaptive | 1 of 1 |")
        .contains("| Request | default | connection ≥ 12 × pooled | **0 of 1** |")
        .contains("Nowhere, in what was measured.");
    assertThat(directory.resolve("charts/request-jdk17.svg")).exists();
  }

  @Test
  void withoutUnsafeMoreIsAimedFor() throws IOException {
    write("request-default-jdk25.json", forks("CONNECTION", 100), forks("ADAPTIVE", 700));
    assertThat(page()).contains("connection ≥ 8 × adaptive | **0 of 1**");
  }

  @Test
  void noneCanBeFurtherAheadThanTheLimit() throws IOException {
    write(
        "request-default-jdk17.json",
        forks("CONNECTION", 100, 101, 99),
        forks("ADAPTIVE", 400, 401, 399),
        result("suites.RequestBenchmark.Limit.request", "", "[[1, 50, 900], [50], [49, 51]]", ""));
    assertThat(page())
        .containsPattern(
            "\\| connection ≥ 6 × adaptive \\| .* 4.00 .* \\| 8.00 \\[7.9\\d, 8.0\\d\\] \\|");
  }

  @Test
  void lossesBeyondTheNoiseAreListed() throws IOException {
    write(
        "request-disabled-jdk25.json",
        forks("ARENA", 200, 202, 198),
        forks("ADAPTIVE", 100, 101, 99),
        forks("UNPOOLED", 199, 203, 195));
    assertThat(page())
        .contains("## JDK 25")
        .containsPattern("arena to adaptive \\| 1 of 1 \\| request: order FIFO \\| 0.50 \\[")
        .doesNotContain("arena to unpooled");
  }

  @Test
  void garbageIsWhatGoesBeyondTheLimit() throws IOException {
    String figure = " | bytes of garbage a request";
    write(
        "garbage-default-jdk17.json",
        found("suites.GarbageBenchmark.request", "CONNECTION", figure, "B", 120.3),
        found("suites.GarbageBenchmark.Limit.request", "", figure, "B", 120.1));
    assertThat(page())
        .contains("| connection ≤ 1 beyond the limit, bytes of garbage a request | 1 of 1 |")
        .contains("| 0.2 B met");
  }

  @Test
  void memoryIsHeldAgainstItsTargets() throws IOException {
    String figure = "one trim interval of silence | upstream bytes held";
    write(
        "burst-default-jdk17.json",
        found("memory.Burst.run", "CONNECTION", figure, "bytes", 2097152),
        found("memory.Burst.run", "POOLED", figure, "bytes", 1048576));
    assertThat(page())
        .contains("| 2.00 MiB | – | 1.00 MiB | – | – |")
        .contains("connection ≤ 1.00 MiB, upstream bytes held, one trim interval | **0 of 1**")
        .contains(
            "| connection to pooled | 1 of 1 | one trim interval of silence | 2.00 MiB to 1.00 MiB |")
        .contains("Not measured on this JDK: Access,");
  }

  @Test
  void memoryIsHeldAgainstTheBetterPeer() throws IOException {
    String figure = "uploaded | peak upstream bytes held";
    write(
        "uploads-default-jdk17.json",
        found("memory.Uploads.run", "CONNECTION", figure, "bytes", 3_000_000),
        found("memory.Uploads.run", "POOLED", figure, "bytes", 4_000_000),
        found("memory.Uploads.run", "ADAPTIVE", figure, "bytes", 2_000_000),
        found("memory.Uploads.run", "UNPOOLED", figure, "bytes", 1_000_000));
    assertThat(page())
        .contains(
            "≤ pooled or adaptive, peak upstream bytes held | **0 of 1** | uploaded | 2.86 MiB");
  }

  @Test
  void failuresAndQuickRunsAreNamed() throws IOException {
    ResultFiles files = new ResultFiles(directory);
    write("request-default-jdk17.json", forks("CONNECTION", 100));
    RunRecord run =
        new RunRecord(
            "2026-01-01T00:00:00Z",
            "run --quick",
            true,
            1,
            "a JDK",
            Map.of("CPU", "one"),
            "0.1",
            60,
            List.of("request, arena: broke"));
    BenchmarkSuite request = new BenchmarkSuite(RequestBenchmark.class);
    files.write(request, 17, run);
    assertThat(files.readRun(request, 17)).contains(run);
    assertThat(page())
        .contains("a quick run", "CPU: one", "JDK: a JDK", "`run --quick`")
        .contains("**Failed: request, arena: broke.**");
  }
}
