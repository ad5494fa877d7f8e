package dev.tidepool.allocator.memory;

import dev.tidepool.allocator.logging.LogLimiter;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The log of refused allocations, with the reason that the exception's message must not tell: a
 * peer may read that. At most one line a second, with the number of those left out. Thread-safe.
 */
public final class RefusalLog {
  private static final InternalLogger logger = InternalLoggerFactory.getInstance(RefusalLog.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final LogLimiter limiter;

  public RefusalLog() {
    this(System::nanoTime);
  }

  RefusalLog(LongSupplier nanoTime) {
    this.limiter = new LogLimiter(1, INTERVAL, nanoTime);
  }

  public void refused(String story) {
    String note = limiter.admit();
    if (note != null) {
      logger.warn("{}{}", story, note);
    }
  }
}
