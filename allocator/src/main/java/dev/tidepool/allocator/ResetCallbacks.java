package dev.tidepool.allocator;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.ArrayDeque;
import java.util.Deque;

/** What runs at the end of one request, the last registered first. Event loop only. */
final class ResetCallbacks {
  private static final InternalLogger logger =
      InternalLoggerFactory.getInstance(ResetCallbacks.class);

  private final Deque<Runnable> callbacks = new ArrayDeque<>(4);
  private final Object connection;

  ResetCallbacks(Object connection) {
    this.connection = connection;
  }

  void push(Runnable callback) {
    callbacks.push(callback);
  }

  /** Runs each once; one that throws is logged and does not stop the others. */
  void run() {
    callbacks.forEach(this::run);
  }

  private void run(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable e) {
      logger.warn("onReset callback of {} failed: {}", connection, callback, e);
    }
  }
}
