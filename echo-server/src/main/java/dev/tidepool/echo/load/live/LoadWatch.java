package dev.tidepool.echo.load.live;

import dev.tidepool.echo.live.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a running load's figures once a second, on a daemon thread of its own, and shows them. */
public final class LoadWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LoadWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final LoadMoments moments;
  private final Consumer<LoadMoment> view;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("echo-load-watch"));
  private boolean failed; // that thread alone

  /** Starts; the first figures are shown after a second. */
  public LoadWatch(LoadMoments moments, Consumer<LoadMoment> view) {
    this(moments, view, INTERVAL);
  }

  LoadWatch(LoadMoments moments, Consumer<LoadMoment> view, Duration interval) {
    this.moments = moments;
    this.view = view;
    thread.scheduleAtFixedRate(
        this::show, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The load goes on, whatever becomes of its display. */
  private void show() {
    try {
      view.accept(moments.next());
      failed = false;
    } catch (RuntimeException e) {
      if (!failed) {
        LOG.warn("the load's figures could not be shown, the next are tried all the same", e);
      }
      failed = true;
    }
  }

  /** Returns once the last figures are shown, so that none come after what follows. */
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
