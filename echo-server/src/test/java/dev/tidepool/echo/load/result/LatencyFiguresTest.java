package dev.tidepool.echo.load.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatencyFiguresTest {
  @Test
  void ofManySamplesAllAreKnown() {
    LatencyFigures figures = LatencyFigures.of(Results.histogram(100_000));
    assertThat(figures.count()).isEqualTo(100_000);
    assertThat(figures.min()).isEqualTo(1_000);
    assertThat((double) figures.mean()).isCloseTo(50_000_500, within(50_000.0));
    assertThat((double) figures.p50()).isCloseTo(50_000_000, within(50_000.0));
    assertThat((double) figures.p999()).isCloseTo(99_900_000, within(100_000.0));
    assertThat((double) figures.p9999()).isCloseTo(99_990_000, within(100_000.0));
    assertThat((double) figures.max()).isCloseTo(100_000_000, within(100_000.0));
  }

  @Test
  void ofNoSamplesNoneIsKnown() {
    assertThat(LatencyFigures.of(new Histogram(3))).isEqualTo(LatencyFigures.NONE);
  }

  /** The least number of samples of which ten lie beyond the percentile. */
  @ParameterizedTest
  @CsvSource({"20, 50", "40, 75", "100, 90", "200, 95", "1000, 99", "10000, 99.9", "100000, 99.99"})
  void aPercentileIsKnownFromTenSamplesBeyondItOn(long samples, double percentile) {
    assertThat(Percentiles.value(Results.histogram(samples), percentile)).isPresent();
    assertThat(Percentiles.value(Results.histogram(samples - 1), percentile)).isEmpty();
    assertThat(Percentiles.beyond(samples, percentile)).isEqualTo(10);
  }

  @Test
  void whatIsNotKnownIsNotAvailableInTheTable() {
    assertThat(LatencyTable.lines(LatencyFigures.of(Results.histogram(1_000)), null))
        .anySatisfy(line -> assertThat(line).matches(" +p99 +990 µs +10"))
        .anySatisfy(line -> assertThat(line).matches(" +p99\\.9 +n/a +1"))
        .anySatisfy(line -> assertThat(line).matches(" +p99\\.99 +n/a +0"))
        .anySatisfy(line -> assertThat(line).matches(" +max +1\\.00 ms +0"));
  }

  @Test
  void theIntendedLatencyStandsBeside() {
    LatencyFigures actual = LatencyFigures.of(Results.histogram(100));
    LatencyFigures intended = LatencyFigures.of(Results.histogram(200));
    assertThat(LatencyTable.lines(actual, intended))
        .anySatisfy(line -> assertThat(line).contains("from the send").contains("intended"))
        .anySatisfy(line -> assertThat(line).matches(" +p50 +50 µs +100 µs +50"));
  }
}
