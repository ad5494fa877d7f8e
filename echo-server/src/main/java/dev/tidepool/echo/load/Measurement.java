package dev.tidepool.echo.load;

import org.jspecify.annotations.Nullable;

/**
 * The time of a load: which requests are measured, and until when requests begin. Thread-safe; one
 * thread begins it.
 */
final class Measurement {
  private long beginNanos; // this and the next: written before begun
  private @Nullable Long durationNanos;
  private @Nullable Long lastBegunNanos; // guarded by this
  private volatile boolean begun;
  private volatile boolean stopped;

  /**
   * Requests from now on are measured.
   *
   * @param duration after which no request begins any more, in nanoseconds; null: until it is
   *     stopped
   */
  void begin(long nanoTime, @Nullable Long duration) {
    beginNanos = nanoTime;
    durationNanos = duration;
    begun = true;
  }

  boolean begun() {
    return begun;
  }

  /** Whether a request that begins, or ought to begin, at this time is measured. */
  boolean includes(long nanoTime) {
    return begun && nanoTime - beginNanos >= 0;
  }

  /** No request begins any more. */
  void stop() {
    stopped = true;
  }

  /** Whether the time is up, also where the thread that ought to stop it is late. */
  boolean stopping() {
    return stopped || (begun && isOver(System.nanoTime()));
  }

  private boolean isOver(long nanoTime) {
    return durationNanos != null && nanoTime - beginNanos >= durationNanos;
  }

  /** A connection begins the last of its requests. */
  synchronized void beginsLast(long nanoTime) {
    if (lastBegunNanos == null || nanoTime - lastBegunNanos > 0) {
      lastBegunNanos = nanoTime;
    }
  }

  /**
   * When it ends, if all requests have begun: when the schedule has no more of them, or with the
   * last of them if that was late.
   *
   * @param scheduleNanos how long the schedule takes
   */
  synchronized long endNanosOfSchedule(long scheduleNanos) {
    long end = beginNanos + scheduleNanos;
    Long last = lastBegunNanos;
    return endNanos(last != null && last - end > 0 ? last : end);
  }

  /** When it ends, if it is stopped at this time: no later than its duration has it. */
  long endNanos(long nanoTime) {
    return durationNanos != null && isOver(nanoTime) ? beginNanos + durationNanos : nanoTime;
  }
}
