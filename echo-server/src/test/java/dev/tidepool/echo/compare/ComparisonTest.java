package dev.tidepool.echo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.server.AllocatorChoice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runs of a comparison, with processes of their own, as short as they can be. */
class ComparisonTest {
  private static final Duration SHORT = Duration.ofMillis(100);

  @TempDir private Path directory;
  private final List<String> told = new ArrayList<>();

  private List<RunResult> runs(Scenario scenario, @Nullable Double rate) throws Exception {
    ComparePlan plan =
        new ComparePlan(
            List.of(AllocatorChoice.CONNECTION),
            List.of(scenario),
            1,
            rate,
            SHORT,
            SHORT,
            SHORT,
            Cores.byDefault(),
            List.of("-Xmx256m"),
            5,
            directory);
    try (RawData raw = new RawData(directory, Setup.of(plan, "compare", List.of()), told::add);
        Comparison comparison = new Comparison(plan, raw, told::add, () -> false)) {
      comparison.execute();
    }
    RawData.Contents contents = RawData.read(directory);
    assertThat(contents.failures()).isEmpty();
    assertThat(contents.runs()).hasSize(2).noneMatch(RunResult::isFaulty);
    assertThat(Files.readString(directory.resolve("processes.log"))).isEmpty();
    return contents.runs();
  }

  @Test
  void aPilotFindsTheRateOfAllRuns() throws Exception {
    List<RunResult> runs = runs(Scenarios.of("framed"), null);
    assertThat(told.get(0)).matches("framed: the common rate is [0-9,.]+/s");
    assertThat(runs)
        .extracting(run -> run.atRate().ratePerSecond())
        .allSatisfy(rate -> assertThat(rate).isGreaterThan(1))
        .containsOnly(runs.get(0).atRate().ratePerSecond());
    assertThat(runs).allMatch(run -> run.atRate().requests() > 0);
  }

  /** TLS, slow readers, connections that are opened again, and a silence at the end. */
  @Test
  void aScenarioOfAllThatMakesARunDifferent() throws Exception {
    Scenario scenario =
        Scenario.of("all", "All", "All at once.", "http", 10, 2, "1K..4K")
            .overTls()
            .withSlowReaders(20)
            .withLifetime(100)
            .stayingConnected();
    for (RunResult run : runs(scenario, 200.0)) {
      assertThat(run.phases())
          .extracting(RunResult.Span::name)
          .containsExactly(
              "warm-up", "warm-up", "flat out", "warm-up", "at the common rate", "silence");
      for (RunResult.Phase phase : List.of(run.flatOut(), run.atRate())) {
        assertThat(phase.requests()).isPositive();
        assertThat(phase.errors()).isEmpty();
      }
      assertThat(run.settledResidentBytes()).isPositive();
      assertThat(run.settledUpstreamBytes()).isNotNegative();
    }
  }
}
