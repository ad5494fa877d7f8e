package dev.tidepool.echo.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The statistics, against values that are known. */
class StatisticsTest {
  private static final double[] LOW = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  private static final double[] HIGH = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20};

  private static Estimate ratio(double[] values, double[] others) {
    return Statistics.ofRatio(values, List.of(others), Math::min);
  }

  @Test
  void medians() {
    assertThat(Statistics.median(3, 1, 2)).isEqualTo(2);
    assertThat(Statistics.median(4, 1, 2, 3)).isEqualTo(2.5);
    assertThat(Statistics.median()).isNaN();
  }

  @Test
  void aMediansIntervalLiesAroundItAndWithinTheValues() {
    Estimate estimate = Statistics.ofMedian(LOW);
    assertThat(estimate.value()).isEqualTo(5.5);
    assertThat(estimate.low()).isBetween(2.0, 4.0);
    assertThat(estimate.high()).isBetween(7.0, 9.0);
    assertThat(Statistics.ofMedian(LOW)).as("the same each time").isEqualTo(estimate);
  }

  @Test
  void oneValueIsItsOwnInterval() {
    assertThat(Statistics.ofMedian(7)).isEqualTo(new Estimate(7, 7, 7));
    assertThat(Statistics.ofMedian().isKnown()).isFalse();
  }

  @Test
  void ratiosOfMedians() {
    Estimate ratio = ratio(LOW, HIGH);
    assertThat(ratio.value()).isCloseTo(5.5 / 15.5, within(1e-12));
    assertThat(ratio.low()).isLessThan(ratio.value());
    assertThat(ratio.high()).isGreaterThan(ratio.value()).isLessThan(1);
    assertThat(ratio(new double[] {6}, new double[] {3})).isEqualTo(new Estimate(2, 2, 2));
  }

  @Test
  void aRatioToTheBestOfSeveral() {
    double[] three = {3};
    double[] four = {4};
    assertThat(Statistics.ofRatio(new double[] {6}, List.of(four, three), Math::min).value())
        .isEqualTo(2);
    assertThat(Statistics.ofRatio(new double[] {6}, List.of(four, three), Math::max).value())
        .isEqualTo(1.5);
  }

  @Test
  void aRatioToNothingIsNotKnown() {
    double[] zero = {0, 0, 0};
    assertThat(ratio(zero, zero).isKnown()).isFalse();
    assertThat(ratio(LOW, zero).isKnown()).isFalse();
    assertThat(ratio(new double[0], LOW).isKnown()).isFalse();
  }

  /** Two of the 184,756 ways to order ten and ten values are as far apart. */
  @Test
  void theTestIsExactForTenAndTen() {
    assertThat(Statistics.pValue(LOW, HIGH)).isCloseTo(2 / 184_756.0, within(1e-12));
    assertThat(Statistics.pValue(HIGH, LOW)).isCloseTo(2 / 184_756.0, within(1e-12));
  }

  @Test
  void theLeastThatSoFewCanProve() {
    assertThat(Statistics.leastPValue(10)).isCloseTo(2 / 184_756.0, within(1e-12));
    assertThat(Statistics.leastPValue(3)).isCloseTo(0.1, within(1e-12));
    assertThat(Statistics.leastPValue(1)).isEqualTo(1);
    assertThat(Statistics.leastPValue(0)).isEqualTo(1);
    assertThat(Statistics.leastPValue(1_000)).isZero();
  }

  /** Of Mann and Whitney's own table: for three and four values, U of 0 has 1/35 on one side. */
  @Test
  void theTestIsExactForFew() {
    double p = Statistics.pValue(new double[] {1, 2, 3}, new double[] {4, 5, 6, 7});
    assertThat(p).isCloseTo(2 / 35.0, within(1e-12));
  }

  @Test
  void whatIsEqualDoesNotDiffer() {
    assertThat(Statistics.pValue(new double[] {1, 1, 1}, new double[] {1, 1, 1})).isEqualTo(1);
    assertThat(Statistics.pValue(LOW, LOW)).isGreaterThan(0.9);
    assertThat(Statistics.pValue(LOW, new double[0])).isEqualTo(1);
  }

  /** As in Holm's paper, and R's p.adjust. */
  @Test
  void holmsCorrection() {
    assertThat(Statistics.holm(0.01, 0.04, 0.03, 0.005))
        .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-12));
    assertThat(Statistics.holm(0.5, 0.6)).containsExactly(1, 1);
    assertThat(Statistics.holm()).isEmpty();
  }
}
