package dev.tidepool.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.Subject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MemorySeriesTest {
  private static MemorySeries series(long... held) {
    MemorySeries series = new MemorySeries(Duration.ofMillis(50));
    for (long each : held) {
      series.add(each, 10 * each);
    }
    return series;
  }

  @Test
  void aSampleBelongsToItsStep() {
    MemorySeries series = series(9, 8, 7);
    assertThat(series.heldAt(Duration.ZERO)).isEqualTo(9);
    assertThat(series.heldAt(Duration.ofMillis(100))).isEqualTo(7);
    assertThat(series.residentAt(Duration.ofMillis(50))).isEqualTo(80);
    assertThat(series.peakHeld()).isEqualTo(9);
  }

  @Test
  void isSettledOnceItStaysSo() {
    assertThat(series(9, 1, 9, 1, 1).settledMillis(held -> held <= 1)).isEqualTo(150);
    assertThat(series(1, 1).settledMillis(held -> held <= 1)).isZero();
    assertThat(series(1, 9).settledMillis(held -> held <= 1)).isEqualTo(-1);
  }

  @Test
  void samplesAtBothEnds() throws InterruptedException {
    Subject subject = new Subject(AllocatorUnderTest.UNPOOLED);
    MemorySeries series = MemorySeries.of(subject, Duration.ofMillis(1), Duration.ofMillis(3));
    assertThat(series.held()).containsExactly(0L, 0L, 0L, 0L);
    assertThat(series.resident()).hasSize(4).allMatch(bytes -> bytes > 0);
  }
}
