package dev.tidepool.allocator.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The first few of an interval, and a count of the others. */
class LogLimiterTest {
  private static final String LAST = " (what follows within 30 s is left out)";

  private long now = Long.MAX_VALUE - 5; // as a nano time may be anything, and overflow

  private LogLimiter limiter(int admitted) {
    return new LogLimiter(admitted, Duration.ofSeconds(30), () -> now);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void theFirstOfAnIntervalIsAdmittedAndTheNextTellsHowManyWereNot() {
    LogLimiter limiter = limiter(1);
    assertThat(limiter.admit()).isEqualTo(LAST);
    for (int i = 0; i < 1234; i++) {
      assertThat(limiter.admit()).isNull();
    }
    pass(Duration.ofNanos(29_999_999_999L));
    assertThat(limiter.admit()).isNull();
    pass(Duration.ofNanos(1));
    assertThat(limiter.admit()).isEqualTo(" (1,235 more before this were left out)" + LAST);
    assertThat(limiter.admit()).isNull();
    pass(Duration.ofHours(1));
    assertThat(limiter.admit()).isEqualTo(" (1 more before this were left out)" + LAST);
    pass(Duration.ofHours(1));
    assertThat(limiter.admit()).isEqualTo(LAST);
  }

  @Test
  void aFewMayBeAdmittedAndTheLastOfThemSaysSo() {
    LogLimiter limiter = limiter(3);
    assertThat(limiter.admit()).isEmpty();
    assertThat(limiter.admit()).isEmpty();
    assertThat(limiter.admit()).isEqualTo(LAST);
    assertThat(limiter.admit()).isNull();
    assertThat(limiter.admit()).isNull();
    pass(Duration.ofSeconds(30));
    assertThat(limiter.admit()).isEqualTo(" (2 more before this were left out)");
    assertThat(limiter.admit()).isEmpty();
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> limiter(0))
        .hasMessage("admitted: 0, interval: PT30S (expected: at least 1, longer than 0)");
    assertThatThrownBy(() -> new LogLimiter(1, Duration.ZERO, () -> now))
        .hasMessage("admitted: 1, interval: PT0S (expected: at least 1, longer than 0)");
  }
}
