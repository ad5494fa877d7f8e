package dev.tidepool.echo.load.result;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * So many latencies up to a limit, and beyond that of the bucket before. The limits are 1, 2 and 5
 * times the powers of ten.
 *
 * @param toNanos the limit, which is within
 */
public record HistogramBucket(long toNanos, long count) {
  private static final int[] STEPS = {1, 2, 5};

  /** From the first bucket that has a sample to the last. */
  static List<HistogramBucket> of(Histogram histogram) {
    List<HistogramBucket> buckets = new ArrayList<>();
    long limit = 1;
    int step = 0;
    long count = 0;
    for (HistogramIterationValue each : histogram.recordedValues()) {
      long value = histogram.lowestEquivalentValue(each.getValueIteratedTo());
      while (value > limit) {
        addUnlessLeading(buckets, limit, count);
        count = 0;
        step++;
        limit = limit(step);
      }
      count += each.getCountAtValueIteratedTo();
    }
    addUnlessLeading(buckets, limit, count);
    return buckets;
  }

  private static void addUnlessLeading(List<HistogramBucket> buckets, long limit, long count) {
    if (count > 0 || !buckets.isEmpty()) {
      buckets.add(new HistogramBucket(limit, count));
    }
  }

  private static long limit(int step) {
    long limit = STEPS[step % STEPS.length];
    for (int power = step / STEPS.length; power > 0; power--) {
      limit *= 10;
    }
    return limit;
  }
}
