package dev.tidepool.echo.live;

/** A subscription, which ends when it is closed. A second close does nothing. Any thread. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}
