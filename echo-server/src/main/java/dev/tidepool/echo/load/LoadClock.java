package dev.tidepool.echo.load;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The begin and the end of what a load measures, and the result of it. Thread-safe. */
final class LoadClock {
  private static final double SECOND_NANOS = 1e9;

  private final LoadSettings settings;
  private final LoadTally tally;
  private final ClientCpu cpu;
  private Instant started = Instant.now(); // this and the following: guarded by this
  private long beginNanos;
  private long endNanos;
  private boolean ended;

  LoadClock(LoadSettings settings, LoadTally tally, ClientCpu cpu) {
    this.settings = settings;
    this.tally = tally;
    this.cpu = cpu;
  }

  /**
   * The measurement begins.
   *
   * @param aheadNanos so much later than now; requests that begin meanwhile are not measured
   * @param duration of it; null: until it is stopped
   * @return false: it has begun, or is over
   */
  synchronized boolean begin(long aheadNanos, @Nullable Duration duration) {
    boolean begins = !ended && !tally.measuring();
    if (begins) {
      started = Instant.now();
      cpu.begin();
      beginNanos = System.nanoTime() + aheadNanos;
      tally.measurement().begin(beginNanos, duration == null ? null : duration.toNanos());
    }
    return begins;
  }

  /** No request begins any more. */
  synchronized void stop() {
    stopAt(tally.measurement().endNanos(System.nanoTime()));
  }

  /**
   * All requests are answered. With a schedule the wait for the last answer is none of its time.
   */
  synchronized void allAnswered() {
    Double rate = settings.ratePerSecond();
    Long requests = settings.requests();
    if (rate == null || requests == null) {
      stop();
    } else {
      stopAt(tally.measurement().endNanosOfSchedule((long) (requests * SECOND_NANOS / rate)));
    }
  }

  private void stopAt(long nanoTime) {
    if (!ended) {
      ended = true;
      endNanos = nanoTime;
      tally.measurement().stop();
    }
  }

  /** What was measured. Called once. */
  synchronized LoadResult result(boolean interrupted) {
    stop(); // the last answer may be here before what it ends
    Duration elapsed = Duration.ofNanos(tally.measuring() ? Math.max(0, endNanos - beginNanos) : 0);
    return new LoadResult(
        started,
        elapsed,
        scheduled(elapsed),
        tally.measuredSent(),
        tally.measuredAnswered(),
        tally.failed(),
        tally.measuredBytes(),
        tally.measuredUnverifiedBytes(),
        tally.bytesMismatched(),
        tally.measuredLatencies(),
        settings.ratePerSecond() == null ? null : tally.measuredIntendedLatencies(),
        tally.errorsByCause(),
        cpu.end(tally.latestSendNanos()),
        interrupted,
        tally.gaveUp(),
        tally.failure());
  }

  private @Nullable Long scheduled(Duration elapsed) {
    Double rate = settings.ratePerSecond();
    return rate == null
        ? null
        : Long.valueOf(
            Math.round(rate * elapsed.toNanos() / SECOND_NANOS) - tally.measuredCutOff());
  }
}
