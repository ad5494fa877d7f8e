package dev.tidepool.benchmarks.memory;

import dev.tidepool.benchmarks.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * What an allocator held, and what was resident of its process, sampled at even intervals from the
 * series' start on: sample i belongs to {@code i * step}.
 */
final class MemorySeries {
  private final Duration step;
  private final List<Long> held = new ArrayList<>();
  private final List<Long> resident = new ArrayList<>();

  MemorySeries(Duration step) {
    this.step = step;
  }

  /** Samples for {@code duration}, on the calling thread. */
  static MemorySeries of(Subject subject, Duration step, Duration duration)
      throws InterruptedException {
    long steps = duration.dividedBy(step);
    return until(series -> series.held.size() > steps, subject, step);
  }

  /** Samples until {@code done}, on the calling thread. */
  static MemorySeries until(Predicate<MemorySeries> done, Subject subject, Duration step)
      throws InterruptedException {
    MemorySeries series = new MemorySeries(step);
    long start = System.nanoTime();
    while (!done.test(series)) {
      sleepUntil(start + series.held.size() * step.toNanos());
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
    held.add(heldBytes);
    resident.add(residentBytes);
  }

  List<Long> held() {
    return Collections.unmodifiableList(held);
  }

  List<Long> resident() {
    return Collections.unmodifiableList(resident);
  }

  long heldAt(Duration time) {
    return held.get(index(time));
  }

  long residentAt(Duration time) {
    return resident.get(index(time));
  }

  private int index(Duration time) {
    return (int) time.dividedBy(step);
  }

  long peakHeld() {
    return Collections.max(held);
  }

  /** Milliseconds until what was held was {@code little} and stayed so; -1 if it never was. */
  long settledMillis(LongPredicate little) {
    int first = held.size();
    while (first > 0 && little.test(held.get(first - 1))) {
      first--;
    }
    return first == held.size() ? -1 : step.multipliedBy(first).toMillis();
  }
}
