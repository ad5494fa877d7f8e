package dev.tidepool.echo.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SlidingTotalTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final SlidingTotal total = new SlidingTotal(SECOND);

  @Test
  void oneMarkHasNoRate() {
    assertThat(total.perSecond()).isZero();
    total.record(5, 1_000);
    assertThat(total.perSecond()).isZero();
    assertThat(total.growth()).isZero();
  }

  @Test
  void theRateIsThatOfTheWindow() {
    for (int tenth = 0; tenth <= 30; tenth++) {
      long grown = tenth <= 15 ? tenth * 1_000L : 15_000; // then it stands still
      total.record(tenth * SECOND / 10, grown);
      if (tenth == 15) {
        assertThat(total.perSecond()).isEqualTo(10_000);
      }
      if (tenth == 20) {
        assertThat(total.perSecond()).isEqualTo(5_000);
      }
    }
    assertThat(total.perSecond()).isZero();
  }

  @Test
  void marksFurtherApartThanTheWindowAreCompared() {
    total.record(0, 0);
    total.record(10 * SECOND, 50);
    assertThat(total.perSecond()).isEqualTo(5);
    total.record(20 * SECOND, 70);
    assertThat(total.perSecond()).isEqualTo(2);
  }

  @Test
  void aTotalThatFallsDidNotGrow() {
    total.record(0, 100);
    total.record(SECOND, 40);
    assertThat(total.growth()).isZero();
    assertThat(total.perSecond()).isZero();
  }

  @Test
  void twoMarksOfOneMomentHaveNoRate() {
    total.record(7, 1);
    total.record(7, 2);
    assertThat(total.perSecond()).isZero();
  }
}
