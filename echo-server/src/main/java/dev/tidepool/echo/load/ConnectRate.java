package dev.tidepool.echo.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Spaces the openings of connections. What was not opened in time is not made up for. Thread-safe.
 */
final class ConnectRate {
  private final long intervalNanos;
  private final LongSupplier nanoTime;
  private final AtomicLong nextNanos;

  /**
   * @param perSecond at most; null: no limit
   */
  ConnectRate(@Nullable Double perSecond, LongSupplier nanoTime) {
    this.intervalNanos = perSecond == null ? 0 : (long) (TimeUnit.SECONDS.toNanos(1) / perSecond);
    this.nanoTime = nanoTime;
    this.nextNanos = new AtomicLong(nanoTime.getAsLong());
  }

  /**
   * How long to wait before the next connection is opened, which then has to be.
   *
   * @param atLeastNanos what it would wait without a limit
   */
  long reserve(long atLeastNanos) {
    if (intervalNanos == 0) {
      return atLeastNanos;
    }
    long now = nanoTime.getAsLong();
    long earliest = now + atLeastNanos;
    long place =
        nextNanos.getAndUpdate(next -> (next - earliest < 0 ? earliest : next) + intervalNanos);
    return Math.max(place, earliest) - now;
  }
}
