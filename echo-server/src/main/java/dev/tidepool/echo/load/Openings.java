package dev.tidepool.echo.load;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A group of connections that are being opened: done when all are open or one has failed. */
final class Openings {
  private final AtomicInteger left;
  private final CompletableFuture<@Nullable Throwable> done = new CompletableFuture<>();

  Openings(int count) {
    left = new AtomicInteger(count);
  }

  /** One connection is ready for requests. */
  void opened() {
    if (left.decrementAndGet() == 0) {
      done.complete(null);
    }
  }

  /** One connection could not be opened. */
  void failed(Throwable cause) {
    done.complete(cause);
  }

  /** Completes with the failure, or with null. */
  CompletableFuture<@Nullable Throwable> done() {
    return done;
  }

  boolean isFailed() {
    return failure() != null;
  }

  /** The failure, if there is one yet. */
  @Nullable Throwable failure() {
    return done.getNow(null);
  }
}
