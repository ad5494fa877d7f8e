package dev.tidepool.echo.load;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A group of connections that are being opened: done when all are open or one has failed. */
final class Openings implements ChannelFutureListener {
  private final AtomicInteger left;
  private final CompletableFuture<@Nullable Throwable> done = new CompletableFuture<>();

  Openings(int count) {
    left = new AtomicInteger(count);
  }

  @Override
  public void operationComplete(ChannelFuture attempt) {
    if (!attempt.isSuccess()) {
      done.complete(attempt.cause());
    } else if (left.decrementAndGet() == 0) {
      done.complete(null);
    }
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
