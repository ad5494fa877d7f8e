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

  /** A first handshake takes longer than the above where classes are loaded for it. */
  private static final Duration LONGER = Duration.ofMillis(500);

  @TempDir private Path directory;
  private final List<String> told = new ArrayList<>();

  private List<RunResult> runs(Scenario scenario, @Nullable Double rate, Duration phase)
      throws Exception {
    ComparePlan plan =
        new ComparePlan(
            List.of(AllocatorChoice.CONNECTION),
            List.of(scenario),
            1,
            rate,
            phase,
            phase,
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
    return contents.runs();
  }

  @Test
  void aPilotFindsTheRateOfAllRuns() throws Exception {
    List<RunResult> runs = runs(Scenarios.of("framed"), null, SHORT);
    assertThat(told.get(0)).matches("framed: the common rate is [0-9,.]+/s");
    assertThat(runs)
        .extracting(run -> run.atRate().ratePerSecond())
        .allSatisfy(rate -> assertThat(rate).isGreaterThan(1))
        .containsOnly(runs.get(0).atRate().ratePerSecond());
    assertThat(runs).allMatch(run -> run.atRate().requests() > 0);
    assertThat(Files.readString(directory.resolve("processes.log"))).isEmpty();
  }

  /** TLS, slow readers, connections that are opened again, and a silence at the end. */
  @Test
  void aScenarioOfAllThatMakesARunDifferent() throws Exception {
    Scenario scenario =
        Scenario.of("all", "All", "All at once.", "http", 4, 2, "1K..4K")
            .overTls()
            .withSlowReaders(25)
            .withLifetime(200)
            .stayingConnected();
    for (RunResult run : runs(scenario, 200.0, LONGER)) {
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
