package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.ArenaByteBuf;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.concurrent.TimeUnit;

/**
 * Looks once, {@code leakGrace} after the close of a connection's arena, at what is still alive in
 * it, and reports each buffer: exactly, and without a garbage collection.
 */
final class LeakWatch implements Runnable {
  private static final InternalLogger logger = InternalLoggerFactory.getInstance(LeakWatch.class);

  private final ConnectionArena arena;

  private LeakWatch(ConnectionArena arena) {
    this.arena = arena;
  }

  /** Timed by the daemon: an event loop that ends forgets what it has scheduled. */
  static void watch(ConnectionArena arena) {
    LeakWatch watch = new LeakWatch(arena);
    long graceNanos = arena.shared().options().leakGrace().toNanos();
    var unused =
        TrimClock.daemon()
            .schedule(() -> arena.onEventLoop(watch), graceNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void run() {
    arena.memory().forEachStraggler(this::report);
  }

  private void report(ArenaByteBuf buffer) {
    double age = arena.memory().ageNanos(buffer.request()) / 1e9;
    logger.error(
        "LEAK: {}: a buffer of {} bytes from request {} is still alive, {} s after the request ended: {}",
        arena.connection(),
        buffer.capacity(),
        buffer.request(),
        "%.3f".formatted(age),
        buffer);
    arena.shared().sharedMetric().leaked(); // whoever sees the count finds the report
  }
}
