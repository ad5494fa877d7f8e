package dev.tidepool.echo.terminal;

import dev.tidepool.echo.live.SampleMaker;
import dev.tidepool.echo.live.Ticker;
import java.time.Duration;

/** Samples a server at an interval and prints the samples. */
public final class LinePrinter implements AutoCloseable {
  private final Ticker ticker;

  /** Starts; the first line comes after one {@code interval}. */
  public LinePrinter(SampleMaker maker, FigureLines lines, Duration interval) {
    maker.next(); // what the first rates begin from
    ticker =
        Ticker.withPauses(
            "echo-lines",
            "the server could not be sampled",
            interval,
            () -> lines.show(maker.next()));
  }

  /** Returns once the last line is printed, so that none comes after what follows. */
  @Override
  public void close() {
    ticker.close();
  }
}
