package dev.tidepool.allocator.memory;

import dev.tidepool.allocator.logging.LogLimiter;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Logs why memory was refused, where the exception's message must not tell: a peer may read that.
 * One line a second at most, with the number of those that were left out. Thread-safe.
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
