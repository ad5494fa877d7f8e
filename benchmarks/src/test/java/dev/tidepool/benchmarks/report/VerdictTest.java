package dev.tidepool.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.benchmarks.Estimate;
import org.junit.jupiter.api.Test;

/** A verdict is certain only where the interval is on one side. */
final class VerdictTest {
  private final Estimate five = new Estimate(5, 4, 6);

  @Test
  void atLeast() {
    assertThat(Verdict.ofAtLeast(five, 3.9)).isEqualTo(Verdict.MET);
    assertThat(Verdict.ofAtLeast(five, 4.5)).isEqualTo(Verdict.PROBABLY_MET);
    assertThat(Verdict.ofAtLeast(five, 5.5)).isEqualTo(Verdict.PROBABLY_MISSED);
    assertThat(Verdict.ofAtLeast(five, 6.1)).isEqualTo(Verdict.MISSED);
  }

  @Test
  void atMost() {
    assertThat(Verdict.ofAtMost(five, 6.1)).isEqualTo(Verdict.MET);
    assertThat(Verdict.ofAtMost(five, 5.5)).isEqualTo(Verdict.PROBABLY_MET);
    assertThat(Verdict.ofAtMost(five, 4.5)).isEqualTo(Verdict.PROBABLY_MISSED);
    assertThat(Verdict.ofAtMost(five, 3.9)).isEqualTo(Verdict.MISSED);
  }

  @Test
  void withoutAnIntervalNothingIsCertain() {
    Estimate alone = new Estimate(5, Double.NaN, Double.NaN);
    assertThat(Verdict.ofAtLeast(alone, 1)).isEqualTo(Verdict.PROBABLY_MET);
    assertThat(Verdict.ofAtLeast(alone, 9)).isEqualTo(Verdict.PROBABLY_MISSED);
    assertThat(Verdict.ofAtMost(alone, 9)).isEqualTo(Verdict.PROBABLY_MET);
    assertThat(Verdict.ofAtMost(alone, 1)).isEqualTo(Verdict.PROBABLY_MISSED);
  }
}
