package dev.tidepool.allocator.logging;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A limit on how often something is logged. In each interval the first few events are logged and
 * the others counted; the first event of the next interval says how many were left out.
 *
 * <pre>{@code
 * String note = limiter.admit();
 * if (note != null) {
 *   logger.warn("{} happened{}", what, note);
 * }
 * }</pre>
 *
 * <p>An interval begins with an event, so the first after a quiet time is always logged.
 * Thread-safe.
 */
public final class LogLimiter {
  private final int admitted;
  private final Duration interval;
  private final LongSupplier nanoTime;

  private boolean begun;
  private long start;
  private long events;

  /**
   * @param admitted events that are logged in each interval; at least 1
   * @param interval how long an interval is; longer than 0
   * @param nanoTime a clock in nanoseconds, as {@link System#nanoTime()}
   * @throws IllegalArgumentException if one of them is out of range
   */
  public LogLimiter(int admitted, Duration interval, LongSupplier nanoTime) {
    if (admitted < 1 || interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException(
          "admitted: %d, interval: %s (expected: at least 1, longer than 0)"
              .formatted(admitted, interval));
    }
    this.admitted = admitted;
    this.interval = interval;
    this.nanoTime = nanoTime;
  }

  /**
   * Counts one event.
   *
   * @return null if it is not to be logged; else a text to add to its line: it says how many events
   *     are left out, and is empty if none are
   */
  public synchronized @Nullable String admit() {
    long now = nanoTime.getAsLong();
    if (!begun || now - start >= interval.toNanos()) {
      return begin(now);
    }
    events++;
    return events > admitted ? null : note(0);
  }

  private String begin(long now) {
    long leftOut = Math.max(0, events - admitted);
    begun = true;
    start = now;
    events = 1;
    return note(leftOut);
  }

  private String note(long leftOut) {
    String before = leftOut == 0 ? "" : " (%,d more before this were left out)".formatted(leftOut);
    return events < admitted
        ? before
        : before + " (what follows within %d s is left out)".formatted(interval.toSeconds());
  }
}
