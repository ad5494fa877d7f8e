package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.ArenaByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Looks once, {@code leakGrace} after the close of a connection's arena, at what is still alive in
 * it, and reports each buffer: exactly, and without a garbage collection.
 */
final class LeakWatch implements Runnable {
  private static final InternalLogger logger = InternalLoggerFactory.getInstance(LeakWatch.class);

  private final ConnectionArena arena;
  private final EventExecutor executor;
  private final long dueNanos;

  private LeakWatch(ConnectionArena arena) {
    this.arena = arena;
    this.executor = arena.executor();
    this.dueNanos = System.nanoTime() + arena.shared().options().leakGrace().toNanos();
  }

  static void watch(ConnectionArena arena) {
    new LeakWatch(arena).schedule();
  }

  /** On the event loop, which cancels what is scheduled when it ends. */
  private void schedule() {
    try {
      var unused =
          executor
              .schedule(this, remainingNanos(), TimeUnit.NANOSECONDS)
              .addListener(
                  scheduled -> {
                    if (scheduled.isCancelled()) {
                      scheduleElsewhere();
                    }
                  });
    } catch (RejectedExecutionException e) {
      scheduleElsewhere();
    }
  }

  /** Once the event loop's thread has cleaned up, its pool is closed and anybody may look. */
  private void scheduleElsewhere() {
    if (executor.isShuttingDown() && !executor.terminationFuture().isDone()) {
      var unused = executor.terminationFuture().addListener(ended -> scheduleElsewhere());
    } else {
      var unused = TrimClock.daemon().schedule(this, remainingNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private long remainingNanos() {
    return Math.max(0, dueNanos - System.nanoTime());
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
