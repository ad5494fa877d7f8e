package dev.tidepool.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.Subject;
import dev.tidepool.benchmarks.memory.MemorySeries.Sample;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the system says of a process is read in bytes, and a series keeps it step by step. */
class ProcessMemoryTest {
  private static final List<String> STATUS = List.of("VmHWM:\t   12 kB", "VmRSS:\t    5 kB");

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
    assertThat(series.at(Duration.ZERO).held()).isEqualTo(9);
    assertThat(series.at(Duration.ofMillis(100)).held()).isEqualTo(7);
    assertThat(series.at(Duration.ofMillis(50)).resident()).isEqualTo(80);
    assertThat(series.peak(Sample::held)).isEqualTo(9);
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
    assertThat(series.samples()).extracting(Sample::held).containsExactly(0L, 0L, 0L, 0L);
    assertThat(series.samples()).allMatch(sample -> sample.resident() > 0);
  }

  @Test
  void readsAFieldInBytes() {
    assertThat(ProcessMemory.field(STATUS, "VmRSS")).isEqualTo(5 * 1024);
    assertThat(ProcessMemory.field(STATUS, "VmHWM")).isEqualTo(12 * 1024);
  }

  @Test
  void saysWhichFieldIsMissing() {
    assertThatThrownBy(() -> ProcessMemory.field(STATUS, "VmSwap"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("VmSwap");
  }
}
