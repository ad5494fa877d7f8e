package dev.tidepool.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The intervals are those of the books, and hold the truth as often as they say. */
final class EstimateTest {
  private static final double EXACT = 1e-6;

  @Test
  void meanHasStudentsInterval() {
    Estimate estimate = Estimate.ofMean(new double[] {1, 2, 3});
    assertThat(estimate.value()).isCloseTo(2, within(EXACT));
    assertThat(estimate.margin()).isCloseTo(4.302653 / Math.sqrt(3), within(1e-5));
  }

  @Test
  void oneObservationHasNoInterval() {
    Estimate estimate = Estimate.ofMean(new double[] {5});
    assertThat(estimate.value()).isEqualTo(5);
    assertThat(estimate.hasInterval()).isFalse();
    assertThat(Estimate.ofMean(new double[0]).isKnown()).isFalse();
  }

  @Test
  void ratioIsThatOfTheGeometricMeans() {
    Estimate ratio = Estimate.ofRatio(new double[] {8, 8, 8}, new double[] {1, 2, 4});
    assertThat(ratio.value()).isCloseTo(4, within(EXACT));
    assertThat(Math.sqrt(ratio.low() * ratio.high())).isCloseTo(4, within(EXACT));
    // the one without spread adds no variance, and two degrees of freedom remain
    double half = 4.302653 * Math.log(2) / Math.sqrt(3);
    assertThat(Math.log(ratio.high() / ratio.value())).isCloseTo(half, within(1e-5));
  }

  @Test
  void ratioTurnedRoundIsTheInverse() {
    double[] a = {3.1, 3.3, 2.9};
    double[] b = {9.0, 10.5, 9.7};
    Estimate there = Estimate.ofRatio(a, b);
    Estimate back = Estimate.ofRatio(b, a);
    assertThat(there.value() * back.value()).isCloseTo(1, within(EXACT));
    assertThat(there.low() * back.high()).isCloseTo(1, within(EXACT));
  }

  @Test
  void noRatioToNothing() {
    assertThat(Estimate.ofRatio(new double[] {1, 1}, new double[] {0, 1}).isKnown()).isFalse();
    assertThat(Estimate.ofRatio(new double[] {1}, new double[0]).isKnown()).isFalse();
  }

  @Test
  void withoutSpreadTheIntervalIsAPoint() {
    Estimate ratio = Estimate.ofRatio(new double[] {6, 6}, new double[] {3, 3});
    assertThat(ratio.low()).isEqualTo(ratio.high()).isCloseTo(2, within(EXACT));
  }

  @Test
  void intervalOfARatioHoldsTheTruthAsOftenAsItSays() {
    Random random = new Random(12);
    Predicate<Estimate> holds = estimate -> estimate.low() <= 3 && 3 <= estimate.high();
    long held =
        IntStream.range(0, 2000)
            .mapToObj(i -> Estimate.ofRatio(noisy(30, random), noisy(10, random)))
            .filter(holds)
            .count();
    assertThat(held / 2000.0).isBetween(0.93, 0.985);
  }

  private static double[] noisy(double middle, Random random) {
    double[] forks = new double[3];
    Arrays.setAll(forks, i -> middle * Math.exp(0.1 * random.nextGaussian()));
    return forks;
  }
}
