package dev.tidepool.echo.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a load measures, and when no request begins any more. */
class MeasurementTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Measurement measurement = new Measurement();
  private final long now = System.nanoTime();

  @Test
  void endsWhenItIsStopped() {
    measurement.begin(now, null);
    assertThat(measurement.stopping()).isFalse();
    measurement.stop();
    assertThat(measurement.stopping()).isTrue();
    assertThat(measurement.endNanos(now + SECOND)).isEqualTo(now + SECOND);
  }

  @Test
  void endsInTimeAlsoIfItIsNotStopped() {
    measurement.begin(now - 2 * SECOND, SECOND);
    assertThat(measurement.stopping()).isTrue();
    assertThat(measurement.endNanos(now)).isEqualTo(now - SECOND);
  }

  @Test
  void endsEarlyIfItIsStoppedEarly() {
    measurement.begin(now, Duration.ofHours(1).toNanos());
    assertThat(measurement.stopping()).isFalse();
    assertThat(measurement.endNanos(now + SECOND)).isEqualTo(now + SECOND);
  }

  @Test
  void endsWithTheScheduleOrWithARequestThatBeginsLater() {
    measurement.begin(now - 4 * SECOND, null);
    assertThat(measurement.endNanosOfSchedule(2 * SECOND)).isEqualTo(now - 2 * SECOND);
    measurement.beginsLast(now - SECOND);
    measurement.beginsLast(now - 3 * SECOND); // another connection's
    assertThat(measurement.endNanosOfSchedule(2 * SECOND)).isEqualTo(now - SECOND);
    assertThat(measurement.endNanosOfSchedule(4 * SECOND)).isEqualTo(now);
  }

  @Test
  void includesWhatBeginsAfterItsBegin() {
    assertThat(measurement.includes(now)).isFalse();
    measurement.begin(now, null);
    assertThat(measurement.includes(now - 1)).isFalse();
    assertThat(measurement.includes(now)).isTrue();
  }
}
