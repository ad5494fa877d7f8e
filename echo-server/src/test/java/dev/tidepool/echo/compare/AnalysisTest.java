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
      assertThat(contrast(analysis, metric, "connection").peer())
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
        .matches("CPU a request: connection is significantly better than pooled \\(0\\.[45].*");
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
            "framed",
            Metric.P999,
            "arena",
            "pooled",
            1.5,
            1,
            new Estimate(1.5, 1.4, 1.6),
            1e-5,
            1e-3,
            new Contrast.Size(10, 3, 22));
    assertThat(worse.isSignificantlyWorse()).isTrue();
    assertThat(worse.verdict())
        .isEqualTo(
            "p99.9: arena is significantly worse than pooled (1.50 ×, 1.40–1.60, p = 0.001)");
  }

  /** Four scenarios with two subjects each: not those of other metrics. */
  @Test
  void aFamilyIsThatOfAMetric() {
    assertThat(analysis(10).contrasts())
        .allMatch(contrast -> contrast.size().family() == 2 * SCENARIOS.size());
    Contrast cpu = contrast(analysis(10), Metric.CPU, "connection");
    assertThat(cpu.corrected())
        .as("four of eight, those of connection, have the least p")
        .isBetween(4 * cpu.pValue(), 8 * cpu.pValue());
  }

  @Test
  void theTwinIsComparedWithTheFirstInEveryMetric() {
    List<Contrast> twins = analysis(10).twins();
    assertThat(twins).hasSize(SCENARIOS.size() * Metric.values().length);
    assertThat(twins).allMatch(twin -> twin.subject().equals("connection again"));
    assertThat(twins).allMatch(twin -> twin.peer().equals("connection"));
    assertThat(twins)
        .filteredOn(twin -> twin.metric() == Metric.CPU)
        .allMatch(twin -> Math.abs(twin.ratio().value() - 1) < 0.05 && twin.size().family() == 4);
  }

  @Test
  void aTwinThatDiffersIsCountedAndTheFarthestIsNamed() {
    List<RunResult> runs = new ArrayList<>(MadeRuns.contents(SCENARIOS, 10).runs());
    runs.replaceAll(
        run ->
            run.subject().equals("connection again") || run.subject().equals("unpooled")
                ? MadeRuns.with(run, other(run.subject()), run.atRate())
                : run);
    Analysis analysis = new Analysis(SCENARIOS, MadeRuns.SUBJECTS, runs);
    long significant = analysis.twins().stream().filter(Contrast::isSignificant).count();
    assertThat(significant).isGreaterThan(20);
    String words =
        String.join(". ", new NoiseWords(MadeRuns.SUBJECTS, analysis.twins()).sentences());
    assertThat(words)
        .contains(significant + " of 56 A/A comparisons are significant")
        .containsPattern("largest difference in CPU a request is [45]\\.\\d\\d ×, [45]\\.\\d\\d–");
  }

  private static String other(String subject) {
    return subject.equals("unpooled") ? "connection again" : "unpooled";
  }

  @Test
  void withoutATwinThereIsNoNoiseToTellOf() {
    List<Subject> one = MadeRuns.SUBJECTS.subList(0, 1);
    Analysis analysis = new Analysis(SCENARIOS, one, MadeRuns.contents(SCENARIOS, 2).runs());
    assertThat(analysis.twins()).isEmpty();
    assertThat(new NoiseWords(one, List.of()).sentences())
        .containsExactly("No allocator was run twice");
  }

  @Test
  void aSpectrumIsTheMedianOfTheRounds() {
    List<Double> spectrum = analysis(3).spectrum("framed", MadeRuns.SUBJECTS.get(0));
    assertThat(spectrum).hasSameSizeAs(Spectrum.PERCENTILES).isSorted();
  }

  @Test
  void aRunWithoutTheFigureIsNotCounted() {
    List<RunResult> runs = new ArrayList<>(MadeRuns.contents(List.of("framed"), 10).runs());
    runs.replaceAll(
        run ->
            run.round() < 4 && run.subject().equals("adaptive")
                ? MadeRuns.with(run, "adaptive", null)
                : run);
    Analysis analysis = new Analysis(List.of("framed"), MadeRuns.SUBJECTS, runs);
    assertThat(contrast(analysis, Metric.P999, "arena").size().runs()).isEqualTo(7);
    assertThat(contrast(analysis, Metric.CPU, "arena").size().runs()).isEqualTo(10);
  }

  @Test
  void aFigureThatNoRunHasIsComparedWithNothing() {
    assertThat(Statistics.values(List.of(), Metric.CPU::of)).isEmpty();
    Analysis empty = new Analysis(List.of("framed"), MadeRuns.SUBJECTS, List.of());
    assertThat(empty.contrasts()).isEmpty();
    assertThat(empty.twins()).isEmpty();
  }
}
