package dev.tidepool.echo.live;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something again and again, on a daemon thread of its own. What fails is logged once until it
 * works again, and is tried all the same.
 */
public final class Ticker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Runnable task;
  private final String what;
  private final ScheduledExecutorService thread;
  private boolean failed; // that thread alone

  private Ticker(String name, String what, Runnable task) {
    this.task = task;
    this.what = what;
    this.thread = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named(name));
  }

  /**
   * Starts one that keeps the rate; its first time is after one interval.
   *
   * @param name of the thread
   * @param what fails, for the log: a sentence's begin
   */
  public static Ticker atRate(String name, String what, Duration interval, Runnable task) {
    Ticker ticker = new Ticker(name, what, task);
    ticker.thread.scheduleAtFixedRate(
        ticker::tick, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    return ticker;
  }

  /** The same, with the interval between the end of one time and the begin of the next. */
  public static Ticker withPauses(String name, String what, Duration interval, Runnable task) {
    Ticker ticker = new Ticker(name, what, task);
    ticker.thread.scheduleWithFixedDelay(
        ticker::tick, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    return ticker;
  }

  private void tick() {
    try {
      task.run();
      failed = false;
    } catch (RuntimeException e) {
      if (!failed) {
        LOG.warn("{}, it is tried again all the same", what, e);
      }
      failed = true;
    }
  }

  /** Returns once the last time is over, if that takes no more than two seconds. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
