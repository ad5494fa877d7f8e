package dev.tidepool.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.benchmarks.memory.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page says what the files say: what is met, what is missed, what failed. */
final class ResultsPageTest {
  private static final String REQUEST = "dev.tidepool.benchmarks.RequestBenchmark.request";

  @TempDir private Path directory;
  private Path results;

  @BeforeEach
  void makeDirectory() throws IOException {
    results = Files.createDirectories(directory.resolve("results"));
  }

  private String page() throws IOException {
    new ResultsPage(new ResultFiles(results)).write();
    return Files.readString(directory.resolve("RESULTS.md"));
  }

  private void request(String file, String... metrics) throws IOException {
    Files.writeString(results.resolve(file), "[" + String.join(",", metrics) + "]");
  }

  private static String forks(String allocator, double... means) {
    String raw =
        Arrays.stream(means).mapToObj(mean -> "[" + mean + "]").collect(Collectors.joining(","));
    return """
        {"benchmark": "%s", "params": {"allocator": "%s", "order": "FIFO"},
         "primaryMetric": {"score": 0, "scoreError": "NaN", "rawData": [%s]}}
        """
        .formatted(REQUEST, allocator, raw);
  }

  @Test
  void withoutFilesThereIsOnlyTheIntroduction() throws IOException {
    assertThat(page()).startsWith("# Results").doesNotContain("## JDK");
  }

  @Test
  void ratiosAreHeldAgainstTheirTargets() throws IOException {
    request(
        "jmh-request-leak-detection-default-jdk17.json",
        forks("CONNECTION", 100, 101, 99),
        forks("ADAPTIVE", 800, 802, 798),
        forks("POOLED", 900, 905, 895));
    assertThat(page())
        .contains("## JDK 17", "| Request.request: order FIFO | 100 ± 2.48 |")
        .containsPattern("Request.request: order FIFO \\| 8.00 \\[7.8\\d, 8.1\\d\\] met \\| 9.00 ")
        .contains("**missed**")
        .contains("| Request | default | connection ≥ 6 × adaptive | 1 of 1 |")
        .contains("| Request | default | connection ≥ 12 × pooled | **0 of 1** |")
        .contains("Nowhere, in what was measured.");
    assertThat(directory.resolve("charts/request-leak-detection-default-jdk17.svg")).exists();
  }

  @Test
  void nobodyCanBeFurtherAheadThanTheLimit() throws IOException {
    request(
        "jmh-request-leak-detection-default-jdk17.json",
        forks("CONNECTION", 100, 101, 99),
        forks("ADAPTIVE", 400, 401, 399),
        """
        {"benchmark": "dev.tidepool.benchmarks.RequestWithoutAllocatorBenchmark.work", "params": {},
         "primaryMetric": {"rawData": [[1, 50, 900], [50], [49, 51]]}}
        """);
    assertThat(page())
        .containsPattern(
            "\\| connection ≥ 6 × adaptive \\| .* 4.00 .* \\| 8.00 \\[7.9\\d, 8.0\\d\\] \\|");
  }

  @Test
  void theDesignsFiguresStandBesideThese() throws IOException {
    request("jmh-request-leak-detection-disabled-jdk17.json", forks("ADAPTIVE", 3200));
    assertThat(page())
        .contains("### The design's figures")
        .containsPattern("32 buffers, FIFO, .* \\| adaptive \\| 49 to 54 \\| 100 \\|")
        .doesNotContain("| 111 to 120 |");
  }

  @Test
  void losesAreListed() throws IOException {
    request(
        "jmh-request-leak-detection-disabled-jdk25.json",
        forks("ARENA", 200, 202, 198),
        forks("ADAPTIVE", 100, 101, 99),
        forks("UNPOOLED", 199, 203, 195));
    assertThat(page())
        .contains("## JDK 25", "2 comparisons")
        .containsPattern("arena \\| adaptive \\| 0.50 \\[.*\\] \\| yes")
        .containsPattern("arena \\| unpooled \\| .*within the noise");
  }

  @Test
  void garbageIsWhatGoesBeyondTheLimit() throws IOException {
    String garbage =
        """
        {"benchmark": "dev.tidepool.benchmarks.%s", "params": {%s},
         "primaryMetric": {"rawData": [[9]]},
         "secondaryMetrics": {"gc.alloc.rate.norm": {"rawData": [[%s]]}}}
        """;
    request(
        "jmh-garbage-leak-detection-default-jdk17.json",
        garbage.formatted("RequestBenchmark.request", "\"allocator\": \"CONNECTION\"", 120.3),
        garbage.formatted("RequestWithoutAllocatorBenchmark.requestWithoutAllocator", "", 120.1));
    assertThat(page())
        .contains("| connection 0 bytes of garbage a request, beyond the limit | 1 of 1 |")
        .contains("| 0.2 B met");
  }

  @Test
  void memoryIsHeldAgainstItsTargets() throws IOException {
    Files.writeString(
        results.resolve("memory-burst-jdk17.json"),
        """
        [{"suite": "burst", "allocator": "CONNECTION", "case": "one trim interval of silence",
          "figure": "upstream bytes held", "unit": "bytes", "value": 2097152, "samples": []},
         {"suite": "burst", "allocator": "POOLED", "case": "one trim interval of silence",
          "figure": "upstream bytes held", "unit": "bytes", "value": 1048576, "samples": []}]
        """);
    assertThat(page())
        .contains("| 2.00 MiB | – | 1.00 MiB | – | – |")
        .contains("≤ 1 MiB held one trim interval later | **0 of 1**")
        .contains("| connection | pooled | 2.00 MiB to 1.00 MiB | yes |");
  }

  @Test
  void memoryIsHeldAgainstTheBetterPeer() throws IOException {
    String row =
        """
        {"suite": "uploads", "allocator": "%s", "case": "uploaded", "unit": "bytes",
         "figure": "peak upstream bytes held", "value": %d, "samples": []}
        """;
    Files.writeString(
        results.resolve("memory-uploads-jdk17.json"),
        "[%s, %s, %s, %s]"
            .formatted(
                row.formatted("CONNECTION", 3_000_000),
                row.formatted("POOLED", 4_000_000),
                row.formatted("ADAPTIVE", 2_000_000),
                row.formatted("UNPOOLED", 1_000_000)));
    assertThat(page()).contains("≤ the best peer's peak | **0 of 1** | uploaded | 2.86 MiB |");
  }

  @Test
  void everyMemorySuiteHasATitle() {
    assertThat(MemorySuite.names())
        .isEqualTo(Arrays.stream(Suite.values()).map(Suite::toString).toList());
  }

  @Test
  void failuresAndQuickRunsAreNamed() throws IOException {
    ResultFiles files = new ResultFiles(results);
    request("jmh-request-leak-detection-default-jdk17.json", forks("CONNECTION", 100));
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
    files.write("request", 17, run);
    assertThat(files.readRun("request", 17)).contains(run);
    assertThat(page())
        .contains("a quick run", "CPU: one", "- JDK: a JDK", "`run --quick`")
        .contains("### Failed", "- request, arena: broke");
  }

  @Test
  void rawResultsDoNotSayWhereJavaLies() {
    Map<String, Object> result =
        new HashMap<>(
            Map.of(
                "jvm",
                "/somewhere/bin/java",
                "forks",
                1,
                "primaryMetric",
                Map.of("rawData", List.of(List.of(1.0), List.of(2.0)))));
    ResultFiles.correct(result);
    assertThat(result).containsEntry("jvm", "java").containsEntry("forks", 2);
  }
}
