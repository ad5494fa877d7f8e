package dev.tidepool.allocator;

import dev.tidepool.allocator.jfr.FlightEvents;
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
 * The check, once, {@code leakGrace} after the close of a connection's arena, for what is still
 * alive in it. Reports each buffer and hold, exactly and without a garbage collection. The listener
 * and the metric get each; the log is bounded for each allocator, as one faulty handler may leak in
 * every connection.
 */
final class LeakWatch implements Runnable {
  private static final InternalLogger logger = InternalLoggerFactory.getInstance(LeakWatch.class);

  private static final int LOGGED = 100;
  private static final Duration INTERVAL = Duration.ofSeconds(60);

  private final ConnectionArena arena;

  /** The bound on the leaks of one allocator that are logged. */
  static LogLimiter limiter(LongSupplier nanoTime) {
    return new LogLimiter(LOGGED, INTERVAL, nanoTime);
  }

  private LeakWatch(ConnectionArena arena) {
    this.arena = arena;
  }

  /** Schedules the check on the clock's thread: an event loop that ends drops its schedule. */
  static void watch(ConnectionArena arena) {
    LeakWatch watch = new LeakWatch(arena);
    long graceNanos = arena.shared().options().get(Options.LEAK_GRACE).toNanos();
    ClockThread.EXECUTOR.schedule(watch::begin, graceNanos, TimeUnit.NANOSECONDS);
  }

  /** On the clock's thread, which may wait. */
  private void begin() {
    arena.shared().connections().forgetUnreachable();
    LoopTasks.run(arena.executor(), this);
  }

  /** Collects before it reports, so that no lock is held while listeners run. */
  @Override
  public void run() {
    Survivor.oldest(arena, Long.MAX_VALUE).forEach(this::report);
    arena.openHolds().forEach(this::report);
  }

  private void report(Survivor survivor) {
    LeakReport report = new LeakReport(arena.connection(), survivor);
    if (FlightEvents.areLeaksOn()) {
      FlightEvents.leaked(arena.connection(), survivor.leaked());
    }
    report(report, listener -> listener.leaked(report));
  }

  private void report(RequestHold hold) {
    HoldReport report = HoldReport.of(arena.connection(), hold);
    FlightEvents.holdForgotten(
        report.connection(), report.request(), report.age().toNanos(), report.takenAt());
    report(report, listener -> listener.holdForgotten(report));
  }

  private void report(Object report, Consumer<LeakListener> news) {
    String note = arena.shared().leakLog().admit();
    if (note != null) {
      logger.error("LEAK: {}{}{}", report, howToKnowMore(), note);
    }
    tell(news);
    arena.shared().sharedMetric().leaked(); // last: a thread that reads the count finds the report
  }

  private String howToKnowMore() {
    return arena.shared().recording() == Recording.OFF
        ? " (where it was allocated is told with recording(ALL) of the allocator's builder, or of the"
            + " default allocator by -Ddev.tidepool.recording=all)"
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
