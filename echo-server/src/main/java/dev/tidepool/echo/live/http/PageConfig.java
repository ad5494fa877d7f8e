package dev.tidepool.echo.live.http;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The settings of the page's server.
 *
 * @param address what it listens on; port 0 stands for any free one
 * @param host the address's host as it was given, by which browsers may ask for the page
 * @param connections the most connections at once
 * @param viewers the most streams of events at once
 * @param patience how long a viewer may leave unread what was written before it is closed
 */
public record PageConfig(
    InetSocketAddress address, String host, int connections, int viewers, Duration patience) {
  private static final int VIEWERS = 1_000;
  private static final int OTHERS = 100;

  /** With the usual limits. */
  public PageConfig(InetSocketAddress address, String host) {
    this(address, host, VIEWERS + OTHERS, VIEWERS, Duration.ofSeconds(5));
  }
}
