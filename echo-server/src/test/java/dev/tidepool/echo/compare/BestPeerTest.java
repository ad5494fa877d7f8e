package dev.tidepool.echo.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** One's values beside those of several peers. */
class BestPeerTest {
  private static final double[] LOW = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  private static final double[] HIGH = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20};
  private static final double[] MIDDLE = {1.5, 3.5, 5.5, 7.5, 9.5, 11.5, 13.5, 15.5, 17.5, 19.5};
  private static final double LEAST = 2 / 184_756.0;

  private static BestPeer cpu(double[] ours, double[]... peers) {
    Map<String, double[]> byLabel = new LinkedHashMap<>();
    for (double[] peer : peers) {
      byLabel.put("peer " + byLabel.size(), peer);
    }
    return new BestPeer(Metric.CPU, ours, byLabel);
  }

  @Test
  void theBestHasTheBestMedian() {
    assertThat(cpu(LOW, HIGH, MIDDLE).label()).isEqualTo("peer 1");
    assertThat(cpu(LOW, HIGH, MIDDLE).median()).isEqualTo(10.5);
    BestPeer throughput =
        new BestPeer(Metric.THROUGHPUT, LOW, Map.of("high", HIGH, "middle", MIDDLE));
    assertThat(throughput.label()).isEqualTo("high");
    assertThat(throughput.median()).isEqualTo(15.5);
  }

  /** Better than the best: the largest p-value, whichever peer it is of. */
  @Test
  void whoIsBetterIsBetterThanEach() {
    double middle = Statistics.pValue(LOW, MIDDLE);
    assertThat(middle).isGreaterThan(0.01);
    assertThat(cpu(LOW, HIGH, MIDDLE).pValue()).isEqualTo(middle);
    assertThat(cpu(LOW, HIGH, HIGH).pValue()).isCloseTo(LEAST, within(1e-12));
  }

  /** Worse than the best: the smallest p-value, as often as there are peers. */
  @Test
  void whoIsWorseIsWorseThanOneOfSeveral() {
    assertThat(cpu(HIGH, LOW).pValue()).isCloseTo(LEAST, within(1e-12));
    assertThat(cpu(HIGH, LOW, MIDDLE, HIGH).pValue()).isCloseTo(3 * LEAST, within(1e-12));
    double[] far = Arrays.stream(HIGH).map(value -> value + 100).toArray();
    assertThat(cpu(HIGH, far, MIDDLE).pValue())
        .as("from a peer that is worse, one may differ as much as one will")
        .isCloseTo(2 * Statistics.pValue(HIGH, MIDDLE), within(1e-12));
    assertThat(cpu(LOW, LOW, HIGH).pValue()).as("equal medians").isEqualTo(1);
  }

  /** The best of three equal peers is lucky; a test against it alone would err too often. */
  @Test
  void equalsAreSeldomSaidToBeWorse() {
    SplittableRandom random = new SplittableRandom(11);
    int significant = 0;
    for (int i = 0; i < 1_000; i++) {
      double[][] drawn = new double[4][];
      Arrays.setAll(drawn, each -> random.doubles(8).toArray());
      significant += cpu(drawn[0], drawn[1], drawn[2], drawn[3]).pValue() < 0.05 ? 1 : 0;
    }
    assertThat(significant).isLessThanOrEqualTo(50);
  }

  @Test
  void theIntervalAllowsForTheChoiceOfThePeer() {
    Estimate one = cpu(LOW, MIDDLE).ratio();
    Estimate several = cpu(LOW, MIDDLE, MIDDLE.clone(), MIDDLE.clone()).ratio();
    assertThat(several.value()).isEqualTo(one.value());
    assertThat(several.high()).isGreaterThan(one.high());
  }

  @Test
  void theFewestRunsCount() {
    assertThat(cpu(LOW, HIGH, new double[] {1, 2}).fewestRuns()).isEqualTo(2);
    assertThat(cpu(new double[] {1}, HIGH).fewestRuns()).isEqualTo(1);
    assertThat(cpu(LOW, HIGH).peers()).isEqualTo(1);
  }

  @Test
  void fiveCollectionsAreWorseThanNone() {
    double[] none = new double[10];
    double[] five = {5, 5, 5, 6, 5, 5, 4, 5, 5, 5};
    Contrast worse = collections(five, none);
    assertThat(worse.ratio().isKnown()).isFalse();
    assertThat(worse.isSignificantlyWorse()).isTrue();
    assertThat(worse.verdict())
        .isEqualTo(
            "Collections for a million requests: connection is significantly worse than pooled (5 against 0, p < 0.001)");
    assertThat(collections(none, five).isSignificantlyBetter()).isTrue();
    assertThat(collections(none, none).verdict())
        .isEqualTo(
            "Collections for a million requests: no significant difference between connection and pooled"
                + " (0 against 0, p = 1.000)");
  }

  private static Contrast collections(double[] ours, double[] theirs) {
    return Contrast.of(
        "framed",
        Metric.GC_COUNT,
        "connection",
        new BestPeer(Metric.GC_COUNT, ours, Map.of("pooled", theirs)));
  }

  @Test
  void anIntervalWithoutAnEndIsReadable() {
    assertThat(new Estimate(1, 0.5, Double.POSITIVE_INFINITY).ratioWords())
        .isEqualTo("1.00 ×, 0.50–∞");
  }

  @Test
  void howManyRunsItTakes() {
    List<Integer> better =
        List.of(5, 6).stream().filter(runs -> contrast(runs).canBeBetter()).toList();
    assertThat(better).containsExactly(6);
    List<Integer> worse =
        List.of(6, 7).stream().filter(runs -> contrast(runs).canBeWorse()).toList();
    assertThat(worse).containsExactly(7);
  }

  private static Contrast contrast(int runs) {
    Contrast.Size size = new Contrast.Size(runs, 3, 22);
    return new Contrast(
        "framed", Metric.CPU, "arena", "pooled", 1, 1, new Estimate(1, 1, 1), 1, 1, size);
  }
}
