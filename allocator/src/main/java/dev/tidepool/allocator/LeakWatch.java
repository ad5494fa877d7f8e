package dev.tidepool.allocator;

import dev.tidepool.allocator.logging.LogLimiter;
import dev.tidepool.allocator.threads.ClockThread;
import dev.tidepool.allocator.threads.LoopTasks;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Looks once, {@code leakGrace} after the close of a connection's arena, at what is still alive in
 * it, and reports each buffer: exactly, and without a garbage collection. The listener and the
 * metric hear of each; the log of an allocator bounds them, as one faulty handler may leak in every
 * connection.
 */
final class LeakWatch implements Runnable {
  private static final InternalLogger logger = InternalLoggerFactory.getInstance(LeakWatch.class);

  private static final int LOGGED = 100;
  private static final Duration INTERVAL = Duration.ofSeconds(60);

  private final ConnectionArena arena;

  /** How many leaks of one allocator are logged. */
  static LogLimiter limiter(LongSupplier nanoTime) {
    return new LogLimiter(LOGGED, INTERVAL, nanoTime);
  }

  private LeakWatch(ConnectionArena arena) {
    this.arena = arena;
  }

  /** Timed by the daemon: an event loop that ends forgets what it has scheduled. */
  static void watch(ConnectionArena arena) {
    LeakWatch watch = new LeakWatch(arena);
    long graceNanos = arena.shared().options().get(Options.LEAK_GRACE).toNanos();
    ClockThread.EXECUTOR.schedule(
        () -> LoopTasks.run(arena.executor(), watch), graceNanos, TimeUnit.NANOSECONDS);
  }

  /** Collected first: a listener may do what it likes, and no lock is held while it does. */
  @Override
  public void run() {
    Survivor.oldest(arena, Long.MAX_VALUE).forEach(this::report);
    arena.openHolds().forEach(this::report);
  }

  private void report(Survivor survivor) {
    LeakReport report = new LeakReport(arena.connection(), survivor);
    report(report, listener -> listener.leaked(report));
  }

  private void report(RequestHold hold) {
    HoldReport report = HoldReport.of(arena.connection(), hold);
    report(report, listener -> listener.holdForgotten(report));
  }

  private void report(Object report, Consumer<LeakListener> news) {
    String note = arena.shared().leakLog().admit();
    if (note != null) {
      logger.error("LEAK: {}{}{}", report, howToKnowMore(), note);
    }
    tell(news);
    arena.shared().sharedMetric().leaked(); // whoever sees the count finds the report
  }

  private String howToKnowMore() {
    return arena.shared().options().get(Options.RECORDING) == Recording.OFF
        ? " (-Ddev.tidepool.recording=sampled or =all will tell where it was allocated)"
        : "";
  }

  private void tell(Consumer<LeakListener> news) {
    try {
      news.accept(arena.shared().leakListener());
    } catch (Throwable e) {
      logger.warn("leakListener failed on a leak of {}", arena.connection(), e);
    }
  }
}
