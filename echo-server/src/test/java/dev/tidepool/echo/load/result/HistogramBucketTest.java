package dev.tidepool.echo.load.result;

import static org.assertj.core.api.Assertions.assertThat;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class HistogramBucketTest {
  @Test
  void theLimitIsWithin() {
    Histogram histogram = new Histogram(3);
    histogram.recordValue(100);
    histogram.recordValue(101);
    histogram.recordValue(200);
    histogram.recordValue(1_001);
    assertThat(HistogramBucket.of(histogram))
        .containsExactly(
            new HistogramBucket(100, 1),
            new HistogramBucket(200, 2),
            new HistogramBucket(500, 0),
            new HistogramBucket(1_000, 0),
            new HistogramBucket(2_000, 1));
  }

  @Test
  void eachSampleIsInOneBucket() {
    Histogram histogram = Results.histogram(5_000);
    assertThat(HistogramBucket.of(histogram).stream().mapToLong(HistogramBucket::count).sum())
        .isEqualTo(5_000);
    assertThat(HistogramBucket.of(histogram))
        .contains(new HistogramBucket(1_000_000, 500), new HistogramBucket(2_000_000, 1_000));
  }

  @Test
  void noSamplesHaveNoBuckets() {
    assertThat(HistogramBucket.of(new Histogram(3))).isEmpty();
  }

  @Test
  void theFullestBucketHasTheLongestBar() {
    Histogram histogram = new Histogram(3);
    histogram.recordValueWithCount(100_000, 1_000);
    histogram.recordValue(200_000);
    histogram.recordValue(1_000_000);
    assertThat(HistogramText.lines(HistogramBucket.of(histogram)))
        .containsExactly(
            "  to 100 µs" + " ".repeat(14) + "1,000  " + "#".repeat(40),
            "  to 200 µs" + " ".repeat(18) + "1  #",
            "  to 500 µs" + " ".repeat(18) + "0",
            "  to 1.00 ms" + " ".repeat(17) + "1  #");
  }
}
