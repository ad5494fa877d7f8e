package dev.tidepool.echo.live;

import java.util.List;
import java.util.function.Consumer;

/** Where samples come from. Any thread; none of its methods waits. */
public interface LiveFeed {
  /** The latest sample. */
  LiveSnapshot latest();

  /** A point for each of the last seconds, the oldest first. */
  List<LiveSnapshot.Point> history();

  /**
   * Hands each sample from now on to {@code subscriber}, one at a time, on any thread.
   *
   * @return ends that when it is closed
   */
  Subscription subscribe(Consumer<LiveSnapshot> subscriber);
}
