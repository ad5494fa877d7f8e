package dev.tidepool.echo.load;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A group of connections that are being opened: done when each is open or has failed. The group has
 * failed if none is open. Thread-safe.
 */
final class Openings {
  private final AtomicInteger left;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private volatile boolean anyOpen;
  private volatile @Nullable Throwable firstCause;

  Openings(int count) {
    left = new AtomicInteger(count);
    if (count == 0) {
      done.complete(null);
    }
  }

  /** The listener of one connection. */
  OpeningListener newListener() {
    AtomicBoolean told = new AtomicBoolean();
    return new OpeningListener() {
      @Override
      public void opened() {
        if (told.compareAndSet(false, true)) {
          anyOpen = true;
          countDown();
        }
      }

      @Override
      public void failed(Throwable cause) {
        if (told.compareAndSet(false, true)) {
          firstCause = firstCause == null ? cause : firstCause;
          countDown();
        }
      }
    };
  }

  private void countDown() {
    if (left.decrementAndGet() == 0) {
      done.complete(null);
    }
  }

  /** Completes when all have been opened or have failed. */
  CompletableFuture<Void> done() {
    return done;
  }

  /** Why none could be opened; null where one is open. */
  @Nullable Throwable failure() {
    return anyOpen ? null : firstCause;
  }
}
