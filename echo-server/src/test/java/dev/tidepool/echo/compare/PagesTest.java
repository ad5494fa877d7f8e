package dev.tidepool.echo.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The raw data and the pages that are made of them. */
class PagesTest {
  private static final List<String> SCENARIOS = List.of("framed", Scenarios.BURST);
  private static final Pattern PICTURE = Pattern.compile("!\\[[^]]+]\\(([^)]+)\\)");

  /** What a browser would fetch. */
  private static final Pattern REFERENCE =
      Pattern.compile("<(link|img|iframe|script[^>]+src)|@import|url\\(|\\bfetch\\(|import\\(");

  @TempDir private Path directory;

  private List<String> write() throws IOException {
    return write(MadeRuns.contents(SCENARIOS, 4));
  }

  private List<String> write(RawData.Contents contents) throws IOException {
    MadeRuns.write(directory, contents);
    List<String> warnings = new ArrayList<>();
    Compare.writePages(directory, warnings::add);
    return warnings;
  }

  @Test
  void rawDataAreReadAsTheyWereWritten() throws Exception {
    RawData.Contents made = MadeRuns.contents(SCENARIOS, 2);
    RunFailure failure = new RunFailure("no answer", "framed", "arena", 2, null);
    try (RawData raw = new RawData(directory, made.setup(), line -> {})) {
      for (RunResult run : made.runs()) {
        raw.add(run);
      }
      raw.add(failure);
    }
    RawData.Contents read = RawData.read(directory);
    assertThat(read.setup()).isEqualTo(made.setup());
    assertThat(read.runs()).isEqualTo(made.runs());
    assertThat(read.failures()).containsExactly(failure);
  }

  @Test
  void anEarlierComparisonsDataAreKept() throws Exception {
    List<String> told = new ArrayList<>();
    for (int rounds = 1; rounds <= 3; rounds++) {
      RawData.Contents made = MadeRuns.contents(List.of("framed"), rounds);
      try (RawData raw = new RawData(directory, made.setup(), told::add)) {
        for (RunResult run : made.runs()) {
          raw.add(run);
        }
      }
    }
    assertThat(Files.readAllLines(directory.resolve("runs.1.jsonl"))).hasSize(1 + 6);
    assertThat(Files.readAllLines(directory.resolve("runs.2.jsonl"))).hasSize(1 + 12);
    assertThat(RawData.read(directory).runs()).hasSize(18);
    assertThat(told).hasSize(2);
    assertThat(told.get(1)).endsWith("runs.2.jsonl");
  }

  /** Of adaptive's second run and all of unpooled's there are no latencies. */
  @Test
  void runsWithoutAFigureAreLeftOut() throws Exception {
    write(run -> run.subject().equals("unpooled") || isSecondOfAdaptive(run) ? null : run.atRate());
    PageModel.Cell adaptive =
        new PageModels(RawData.read(directory))
            .model()
            .scenarios()
            .get(0)
            .cells()
            .getOrDefault("P999", List.of())
            .get(3);
    assertThat(adaptive.rounds()).containsExactly(1, 3, 4);
    assertThat(adaptive.values()).hasSize(3).doesNotContainNull();
    String page = Files.readString(directory.resolve("COMPARISON.md"));
    assertThat(page)
        .containsPattern("\\| p99\\.9 \\|[^\n]+\\| – \\|[^|]+\\|\n")
        .doesNotContain("NaN");
    assertThat(directory.resolve("pictures/framed-latency.png")).isNotEmptyFile();
  }

  private static boolean isSecondOfAdaptive(RunResult run) {
    return run.subject().equals("adaptive") && run.round() == 2;
  }

  @Test
  void aMetricThatNoRunHasHasNoPicture() throws Exception {
    assertThat(write(run -> null)).noneMatch(line -> line.contains("no pictures"));
    String page = Files.readString(directory.resolve("COMPARISON.md"));
    assertThat(page)
        .contains("| p99.9 | – | – | – | – | – | – |")
        .contains("pictures/framed-cpu.png")
        .contains("pictures/burst-memory.png")
        .doesNotContain("framed-latency.png")
        .doesNotContain("NaN");
    assertThat(Files.readString(directory.resolve("comparison.html"))).doesNotContain("\"NaN\"");
  }

  private List<String> write(Function<RunResult, RunResult.Phase> atRate) throws IOException {
    RawData.Contents contents = MadeRuns.contents(SCENARIOS, 4);
    List<RunResult> runs =
        contents.runs().stream()
            .map(run -> MadeRuns.with(run, run.subject(), atRate.apply(run)))
            .toList();
    return write(contents.setup(), runs);
  }

  private List<String> write(Setup setup, List<RunResult> runs) throws IOException {
    return write(new RawData.Contents(setup, runs, List.of()));
  }

  /** Burst has no run of connection, and no scenario has a peer. */
  @Test
  void aScenarioWithoutARatioIsNotDrawn() throws Exception {
    RawData.Contents made = MadeRuns.contents(SCENARIOS, 2);
    List<RunResult> some =
        made.runs().stream()
            .filter(run -> run.scenario().equals("framed") || !run.subject().equals("connection"))
            .toList();
    assertThat(write(made.setup(), some)).noneMatch(line -> line.contains("no pictures"));
    assertThat(directory.resolve("pictures/cpu-ratios.png")).isNotEmptyFile();
    List<RunResult> alone =
        made.runs().stream().filter(run -> run.subject().startsWith("connection")).toList();
    assertThat(write(made.setup(), alone)).noneMatch(line -> line.contains("no pictures"));
    assertThat(Files.readString(directory.resolve("COMPARISON.md")))
        .doesNotContain("cpu-ratios.png")
        .contains("framed-cpu.png");
  }

  @Test
  void bothPagesTellOfTheNoise() throws Exception {
    write();
    String page = Files.readString(directory.resolve("COMPARISON.md"));
    PageModel model = new PageModels(RawData.read(directory)).model();
    assertThat(model.noise()).hasSize(2);
    assertThat(model.noise().get(0)).contains("0 of 28 A/A comparisons are significant");
    model.noise().forEach(line -> assertThat(page).contains(line + "."));
    assertThat(page)
        .containsPattern("\\| framed \\| \\d\\.\\d\\d × \\(\\d\\.\\d\\d–\\d\\.\\d\\d\\)");
    assertThat(Files.readString(directory.resolve("comparison.html")))
        .contains("A/A comparisons")
        .contains("data.noise");
  }

  @Test
  void whatIsNoRawDataIsRefused() throws Exception {
    Files.writeString(RawData.file(directory), "no JSON\n{}\n");
    assertThatThrownBy(() -> RawData.read(directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("'no JSON'");
    Files.writeString(RawData.file(directory), "");
    assertThatThrownBy(() -> RawData.read(directory)).hasMessageContaining("is empty");
  }

  @Test
  void theHtmlPageRefersToNothingElse() throws Exception {
    write();
    String html = Files.readString(directory.resolve("comparison.html"));
    assertThat(REFERENCE.matcher(html).results().map(Object::toString)).isEmpty();
    assertThat(html).contains("default-src 'none'").doesNotContain("sourceMappingURL");
    assertThat(html.split("</script>", -1)).as("four scripts and the data").hasSize(6);
    assertThat(html).doesNotContain("/*{").doesNotContain("{\"data\":0}");
  }

  @Test
  void theMarkdownPageHasItsPictures() throws Exception {
    assertThat(write()).noneMatch(line -> line.contains("no pictures"));
    String page = Files.readString(directory.resolve("COMPARISON.md"));
    List<String> pictures = PICTURE.matcher(page).results().map(found -> found.group(1)).toList();
    assertThat(pictures).hasSize(1 + 3 * SCENARIOS.size());
    for (String picture : pictures) {
      assertThat(directory.resolve(picture)).isNotEmptyFile();
      byte[] begin = Files.readAllBytes(directory.resolve(picture));
      assertThat(new String(begin, 1, 3, StandardCharsets.US_ASCII)).isEqualTo("PNG");
    }
  }

  @Test
  void theMarkdownPageHasAVerdictForEachScenarioAndMetric() throws Exception {
    write();
    String page = Files.readString(directory.resolve("COMPARISON.md"));
    PageModel model = new PageModels(RawData.read(directory)).model();
    for (PageModel.ScenarioView scenario : model.scenarios()) {
      assertThat(page).contains("## " + scenario.title());
      assertThat(scenario.contrasts()).hasSize(2 * Metric.values().length);
      scenario
          .contrasts()
          .forEach(contrast -> assertThat(page).contains("- " + contrast.verdict() + "."));
    }
    assertThat(page)
        .contains("Left out: churn needs 356 open files")
        .contains("| every scenario, p99.9: never significantly worse than the best peer |")
        .contains("    java -jar tidepool-echo.jar compare --seed 5");
  }

  /** Connection's figures are half of pooled's; then pooled's are half of connection's. */
  @Test
  void theMarkdownPageTellsWhatIsWorseFromWhatIsBetter() throws Exception {
    RawData.Contents made = MadeRuns.contents(List.of("framed"), 10);
    write(made);
    assertThat(Files.readString(directory.resolve("COMPARISON.md")))
        .containsPattern(marked("better"))
        .doesNotContain("** worse")
        .contains("One in bold differs significantly from the best peer's, and the word behind it")
        .doesNotContain("coloured");
    write(
        made.setup(),
        made.runs().stream()
            .map(run -> MadeRuns.with(run, swapped(run.subject()), run.atRate()))
            .toList());
    assertThat(Files.readString(directory.resolve("COMPARISON.md")))
        .containsPattern(marked("worse"))
        .doesNotContain("** better");
  }

  private static String marked(String word) {
    return "\\| CPU a request \\| \\*\\*[^*|]+\\*\\* " + word + " \\([^|]+\\) \\|";
  }

  private static String swapped(String subject) {
    return switch (subject) {
      case "connection" -> "pooled";
      case "pooled" -> "connection";
      default -> subject;
    };
  }

  @Test
  void everyRowOfATableHasTheSameCells() throws Exception {
    write();
    int cells = 0;
    for (String line : Files.readAllLines(directory.resolve("COMPARISON.md"))) {
      int here = line.startsWith("|") ? line.split("(?<!\\\\)\\|", -1).length : 0;
      assertThat(cells == 0 || here == 0 || here == cells).as(line).isTrue();
      cells = here;
    }
  }

  @Test
  void withoutARunThereIsNoPage() throws Exception {
    MadeRuns.write(directory, SCENARIOS, 0);
    assertThatThrownBy(() -> Compare.writePages(directory, line -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no run");
  }

  @Test
  void notesTellOfErrorsMissedRatesAndFailures() {
    RunResult good = MadeRuns.contents(List.of("framed"), 1).runs().get(0);
    RunResult.Phase phase = good.flatOut();
    RunResult.Phase bad =
        new RunResult.Phase(
            2 * phase.perSecond(),
            phase.perSecond(),
            phase.requests(),
            phase.loopCpuNanos(),
            phase.javaCpuNanos(),
            phase.processCpuNanos(),
            phase.latency(),
            Map.of("reset", 3L),
            7,
            0.4,
            false,
            0.95,
            0);
    RunResult run =
        new RunResult(
            "framed",
            "arena",
            "arena",
            1,
            0,
            1,
            bad,
            bad,
            1,
            1,
            1,
            1,
            0,
            0,
            2,
            List.of(),
            List.of(),
            new RunResult.Account(false, 4, 5));
    assertThat(Notes.of(List.of(good), List.of())).isEmpty();
    String notes =
        String.join(
            "\n",
            Notes.of(
                List.of(run), List.of(new RunFailure("it hung", "framed", "pooled", 4, null))));
    assertThat(notes)
        .contains("A run with pooled in round 4 failed: it hung")
        .contains("client was as busy as the server in 1 of 1 run of arena:")
        .contains("event loop was not busy all the time in 1 of 1 run of arena:")
        .contains("compiler was still busy when measured, in 1 of 1 run of arena")
        .contains("The common rate was not held in 1 of 1 run of arena:")
        .contains("Errors by cause: {reset=6}, in 1 of 1 run of arena")
        .contains("14 bytes of answers were wrong, in 1 of 1 run of arena")
        .contains("2 buffers leaked, in 1 of 1 run of arena")
        .contains("Not all of the server's memory went back, in 1 of 1 run of arena")
        .contains("5 answers were wrong, warm-ups included, in 1 of 1 run of arena")
        .contains("The server counted 4 errors, in 1 of 1 run of arena");
    assertThat(
            Notes.of(
                List.of(
                    MadeRuns.with(run, "pooled", run.atRate()),
                    MadeRuns.with(good, "pooled", good.atRate()),
                    MadeRuns.with(run, "adaptive", run.atRate())),
                List.of()))
        .contains("4 buffers leaked, in 1 of 2 runs of pooled, 1 of 1 of adaptive")
        .as("in half of pooled's runs the client was busy, in all of adaptive's")
        .anyMatch(note -> note.startsWith("Flat out") && note.contains("1 of 1 run of adaptive"));
  }
}
