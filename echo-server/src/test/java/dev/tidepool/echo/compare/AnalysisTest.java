package dev.tidepool.echo.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What follows from runs whose figures are known. */
class AnalysisTest {
  private static final List<String> SCENARIOS =
      List.of(Scenarios.HTTP_BUFFERS, Scenarios.HTTP_PLAIN, "framed", Scenarios.BURST);

  private static Analysis analysis(int rounds) {
    RawData.Contents contents = MadeRuns.contents(SCENARIOS, rounds);
    return new Analysis(SCENARIOS, MadeRuns.SUBJECTS, contents.runs());
  }

  private static Contrast contrast(Analysis analysis, Metric metric, String subject) {
    return analysis.contrast("framed", metric, subject).orElseThrow();
  }

  @Test
  void theBestPeerHasTheBestMedianAndIsNoneOfTidepools() {
    Analysis analysis = analysis(10);
    for (Metric metric : List.of(Metric.CPU, Metric.THROUGHPUT, Metric.P99, Metric.PEAK_RESIDENT)) {
      assertThat(analysis.bestPeer("framed", metric).orElseThrow().label())
          .as("%s", metric)
          .isEqualTo("pooled");
    }
  }

  @Test
  void halfTheCpuIsSignificantlyBetter() {
    Contrast cpu = contrast(analysis(10), Metric.CPU, "connection");
    assertThat(cpu.ratio().value()).isCloseTo(0.5, within(0.05));
    assertThat(cpu.ratio().low()).isLessThanOrEqualTo(cpu.ratio().value());
    assertThat(cpu.isSignificantlyBetter()).isTrue();
    assertThat(cpu.isSignificantlyWorse()).isFalse();
    assertThat(cpu.corrected()).isGreaterThan(cpu.pValue());
    assertThat(cpu.verdict())
        .startsWith("CPU a request: connection is significantly better than pooled (0.5");
  }

  @Test
  void twiceTheThroughputIsBetterToo() {
    Contrast throughput = contrast(analysis(10), Metric.THROUGHPUT, "connection");
    assertThat(throughput.ratio().value()).isCloseTo(2, within(0.2));
    assertThat(throughput.isSignificantlyBetter()).isTrue();
  }

  @Test
  void noSignificantDifferenceIsAVerdict() {
    Contrast same = contrast(analysis(10), Metric.CPU, "arena");
    assertThat(same.isSignificant()).isFalse();
    assertThat(same.verdict())
        .startsWith("CPU a request: no significant difference between arena and pooled (");
  }

  @Test
  void twoRoundsProveNothing() {
    assertThat(analysis(2).contrasts()).isNotEmpty().noneMatch(Contrast::isSignificant);
  }

  @Test
  void whatIsWorseIsSaidToBe() {
    Contrast worse =
        new Contrast(
            "framed", Metric.P999, "arena", "pooled", new Estimate(1.5, 1.4, 1.6), 1e-5, 1e-3);
    assertThat(worse.isSignificantlyWorse()).isTrue();
    assertThat(worse.verdict())
        .isEqualTo(
            "p99.9: arena is significantly worse than pooled (1.50 ×, 1.40–1.60, p = 0.001)");
  }

  @Test
  void theTwinShowsTheNoise() {
    assertThat(analysis(10).noise("framed", Metric.CPU).orElseThrow().value())
        .isCloseTo(1, within(0.05));
  }

  @Test
  void aSpectrumIsTheMedianOfTheRounds() {
    List<Double> spectrum = analysis(3).spectrum("framed", MadeRuns.SUBJECTS.get(0));
    assertThat(spectrum).hasSameSizeAs(Spectrum.PERCENTILES).isSorted();
  }

  @Test
  void targetsThatAreReachedAndMissed() {
    List<Target> targets = Target.of(analysis(10), SCENARIOS);
    assertThat(met(targets, "http-buffers, CPU a request: connection")).isTrue();
    assertThat(met(targets, "http-buffers, CPU a request: arena")).as("1 × is no 0.85").isFalse();
    assertThat(met(targets, "every other scenario, CPU a request: never")).isTrue();
    assertThat(met(targets, "every other scenario, CPU a request: connection")).isTrue();
    assertThat(met(targets, "every scenario, p99.9: never")).isTrue();
    assertThat(met(targets, "burst, Settled resident memory")).isTrue();
    assertThat(met(targets, "many-connections")).as("was not run").isNull();
  }

  private static Boolean met(List<Target> targets, String begin) {
    List<Target> found =
        targets.stream().filter(target -> target.text().startsWith(begin)).toList();
    assertThat(found).as("%s", begin).hasSize(1);
    return found.get(0).met();
  }

  @Test
  void aScenarioInWhichWeAreWorseMissesItsTarget() {
    List<RunResult> runs = new ArrayList<>(MadeRuns.contents(List.of("framed"), 10).runs());
    runs.replaceAll(AnalysisTest::withSwappedSubjects);
    Analysis analysis = new Analysis(List.of("framed"), MadeRuns.SUBJECTS, runs);
    List<Target> targets = Target.of(analysis, List.of("framed"));
    assertThat(met(targets, "every other scenario, CPU a request: never")).isFalse();
    assertThat(met(targets, "every scenario, p99.9: never")).isFalse();
    assertThat(targets.toString()).contains("worse: connection in framed (");
  }

  /** What was pooled's is connection's. */
  private static RunResult withSwappedSubjects(RunResult run) {
    String subject =
        switch (run.subject()) {
          case "connection" -> "pooled";
          case "pooled" -> "connection";
          default -> run.subject();
        };
    return new RunResult(
        run.scenario(),
        subject,
        subject,
        run.round(),
        run.order(),
        run.seed(),
        run.flatOut(),
        run.atRate(),
        run.peakResidentBytes(),
        run.settledResidentBytes(),
        run.peakUpstreamBytes(),
        run.settledUpstreamBytes(),
        run.gcCount(),
        run.gcNanos(),
        run.leaks(),
        run.memory(),
        run.phases());
  }

  @Test
  void aFigureThatNoRunHasIsComparedWithNothing() {
    assertThat(Statistics.values(List.of(), Metric.CPU::of)).isEmpty();
    Analysis empty = new Analysis(List.of("framed"), MadeRuns.SUBJECTS, List.of());
    assertThat(empty.contrasts()).isEmpty();
    assertThat(empty.noise("framed", Metric.CPU)).isEmpty();
  }
}
