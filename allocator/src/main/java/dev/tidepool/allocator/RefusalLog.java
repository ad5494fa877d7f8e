package dev.tidepool.allocator;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Logs the refusals that no {@link BudgetListener} hears of, as the exception's message does not
 * tell their story: one line a second at most, with the number of those that were left out since.
 *
 * <p>Thread-safe, and never waits.
 */
final class RefusalLog {
  private static final InternalLogger logger = InternalLoggerFactory.getInstance(RefusalLog.class);
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanoTime;
  private final AtomicLong next;
  private final AtomicLong leftOut = new AtomicLong();

  RefusalLog() {
    this(System::nanoTime);
  }

  RefusalLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.next = new AtomicLong(nanoTime.getAsLong());
  }

  void refused(ArenaBudgetExceededException refusal) {
    long now = nanoTime.getAsLong();
    long due = next.get();
    if (now - due >= 0 && next.compareAndSet(due, now + INTERVAL_NANOS)) {
      logger.warn("{}{}", refusal.report(), andOthers(leftOut.getAndSet(0)));
    } else {
      leftOut.getAndIncrement();
    }
  }

  private static String andOthers(long count) {
    return count == 0 ? "" : " (and " + count + " refusals more since the last line)";
  }
}
