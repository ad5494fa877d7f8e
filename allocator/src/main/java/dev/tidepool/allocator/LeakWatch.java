package dev.tidepool.allocator;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

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

  /** Collected first: a listener may do what it likes, and no lock is held while it does. */
  @Override
  public void run() {
    arena.memory().survivors(Long.MAX_VALUE).forEach(this::report);
    arena.openHolds().forEach(this::report);
  }

  private void report(RequestHold hold) {
    HoldReport report = HoldReport.of(arena.connection(), hold);
    logger.error("LEAK: {}{}", report, howToKnowMore());
    tell(listener -> listener.holdForgotten(report));
    arena.shared().sharedMetric().leaked();
  }

  private void report(Survivor survivor) {
    LeakReport report = new LeakReport(arena.connection(), survivor);
    logger.error("LEAK: {}{}", report, howToKnowMore());
    tell(listener -> listener.leaked(report));
    arena.shared().sharedMetric().leaked(); // whoever sees the count finds the report
  }

  private String howToKnowMore() {
    return arena.shared().options().recording() == Recording.OFF
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
