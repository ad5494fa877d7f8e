package dev.tidepool.allocator.memory;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Logs why memory was refused, where the exception's message must not tell: a peer may read that.
 * One line a second at most, with the number of those that were left out since.
 *
 * <p>Thread-safe, and never waits.
 */
public final class RefusalLog {
  private static final InternalLogger logger = InternalLoggerFactory.getInstance(RefusalLog.class);
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanoTime;
  private final AtomicLong next;
  private final AtomicLong leftOut = new AtomicLong();

  public RefusalLog() {
    this(System::nanoTime);
  }

  RefusalLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.next = new AtomicLong(nanoTime.getAsLong());
  }

  public void refused(String story) {
    long now = nanoTime.getAsLong();
    long due = next.get();
    if (now - due >= 0 && next.compareAndSet(due, now + INTERVAL_NANOS)) {
      logger.warn("{}{}", story, andOthers(leftOut.getAndSet(0)));
    } else {
      leftOut.getAndIncrement();
    }
  }

  private static String andOthers(long count) {
    return count == 0 ? "" : " (and " + count + " refusals more since the last line)";
  }
}
