package dev.tidepool.echo.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A hundred connections a second. */
class ConnectRateTest {
  private static final long INTERVAL = Duration.ofMillis(10).toNanos();

  private long now = 5;
  private final ConnectRate rate = new ConnectRate(100.0, () -> now);

  @Test
  void openingsAreAnIntervalApart() {
    assertThat(rate.reserve(0)).isZero();
    assertThat(rate.reserve(0)).isEqualTo(INTERVAL);
    assertThat(rate.reserve(0)).isEqualTo(2 * INTERVAL);
    now += INTERVAL / 2;
    assertThat(rate.reserve(0)).isEqualTo(5 * INTERVAL / 2);
  }

  @Test
  void whatWasNotOpenedInTimeIsNotMadeUpFor() {
    assertThat(rate.reserve(0)).isZero();
    now += 100 * INTERVAL;
    assertThat(rate.reserve(0)).isZero();
    assertThat(rate.reserve(0)).isEqualTo(INTERVAL);
  }

  @Test
  void openingsThatAreToWaitAnywayWaitThatLong() {
    assertThat(rate.reserve(7 * INTERVAL)).isEqualTo(7 * INTERVAL);
    assertThat(rate.reserve(9 * INTERVAL)).isEqualTo(9 * INTERVAL);
    assertThat(rate.reserve(9 * INTERVAL)).isEqualTo(10 * INTERVAL);
  }

  @Test
  void withoutALimitNothingWaits() {
    ConnectRate unlimited = new ConnectRate(null, () -> now);
    assertThat(unlimited.reserve(0)).isZero();
    assertThat(unlimited.reserve(0)).isZero();
    assertThat(unlimited.reserve(INTERVAL)).isEqualTo(INTERVAL);
  }
}
