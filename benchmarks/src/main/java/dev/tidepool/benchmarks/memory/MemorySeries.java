package dev.tidepool.benchmarks.memory;

import dev.tidepool.benchmarks.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * What an allocator held, and what was resident of its process, sampled at even intervals from the
 * series' start on: sample i belongs to {@code i * step}.
 */
final class MemorySeries {
  private final Duration step;
  private final List<Sample> samples = new ArrayList<>();

  MemorySeries(Duration step) {
    this.step = step;
  }

  /** Bytes at one time. */
  record Sample(long held, long resident) {}

  /** Samples for {@code duration}, on the calling thread. */
  static MemorySeries of(Subject subject, Duration step, Duration duration)
      throws InterruptedException {
    long steps = duration.dividedBy(step);
    return until(series -> series.samples.size() > steps, subject, step);
  }

  /** Samples until {@code done}, on the calling thread. */
  static MemorySeries until(Predicate<MemorySeries> done, Subject subject, Duration step)
      throws InterruptedException {
    MemorySeries series = new MemorySeries(step);
    long start = System.nanoTime();
    while (!done.test(series)) {
      sleepUntil(start + series.samples.size() * step.toNanos());
      series.add(subject.heldBytes(), ProcessMemory.resident());
    }
    return series;
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      Thread.sleep(Duration.ofNanos(left).toMillis() + 1);
    }
  }

  void add(long heldBytes, long residentBytes) {
    samples.add(new Sample(heldBytes, residentBytes));
  }

  List<Sample> samples() {
    return Collections.unmodifiableList(samples);
  }

  Sample at(Duration time) {
    return samples.get((int) time.dividedBy(step));
  }

  long peak(ToLongFunction<Sample> of) {
    return samples.stream().mapToLong(of).max().orElseThrow();
  }

  /** Milliseconds until what was held was {@code little} and stayed so; -1 if it never was. */
  long settledMillis(LongPredicate little) {
    int first = samples.size();
    while (first > 0 && little.test(samples.get(first - 1).held)) {
      first--;
    }
    return first == samples.size() ? -1 : step.multipliedBy(first).toMillis();
  }
}
