package dev.tidepool.echo.terminal;

import dev.tidepool.echo.live.DaemonThreads;
import dev.tidepool.echo.live.SampleMaker;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Samples a server at an interval, on a daemon thread of its own, and prints the samples. */
public final class LinePrinter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LinePrinter.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final SampleMaker maker;
  private final FigureLines lines;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("echo-lines"));
  private boolean failed; // that thread alone

  /** Starts; the first line comes after one {@code interval}. */
  public LinePrinter(SampleMaker maker, FigureLines lines, Duration interval) {
    this.maker = maker;
    this.lines = lines;
    maker.next(); // what the first rates begin from
    thread.scheduleWithFixedDelay(
        this::print, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void print() {
    try {
      lines.show(maker.next());
      failed = false;
    } catch (RuntimeException e) {
      if (!failed) {
        LOG.warn("the server could not be sampled, the next line is tried all the same", e);
      }
      failed = true;
    }
  }

  /** Returns once the last line is printed, so that none comes after what follows. */
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
