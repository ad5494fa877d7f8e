package dev.tidepool.echo.load.live;

import dev.tidepool.echo.live.Ticker;
import java.time.Duration;
import java.util.function.Consumer;

/** Reads a running load's figures once a second and shows them. */
public final class LoadWatch implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Ticker ticker;

  /** Starts; the first figures are shown after a second. */
  public LoadWatch(LoadMoments moments, Consumer<LoadMoment> view) {
    this(moments, view, INTERVAL);
  }

  LoadWatch(LoadMoments moments, Consumer<LoadMoment> view, Duration interval) {
    ticker =
        Ticker.atRate(
            "echo-load-watch",
            "the load's figures could not be shown",
            interval,
            () -> view.accept(moments.next()));
  }

  /** Returns once the last figures are shown, so that none come after what follows. */
  @Override
  public void close() {
    ticker.close();
  }
}
