package dev.tidepool.echo.live;

import dev.tidepool.allocator.ConnectionOrder;
import java.util.List;

/** Where a sampler reads a server's figures. */
public interface LiveSource {
  /**
   * Reads the figures as they are now, without stopping an event loop. Any thread.
   *
   * @param limit the most connections to list
   */
  Reading read(int limit);

  /**
   * The first connections in an order; a walk over all of them, on any thread.
   *
   * @param limit the most to list
   */
  List<LiveSnapshot.Connection> connections(int limit, ConnectionOrder order);
}
