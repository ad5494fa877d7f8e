package dev.tidepool.echo.terminal;

import dev.tidepool.allocator.ConnectionOrder;
import dev.tidepool.echo.live.LiveSnapshot;
import java.util.List;

/**
 * What a screen shows.
 *
 * @param connections in {@code order}
 * @param log the last line logged, empty if there is none
 */
record View(
    LiveSnapshot sample,
    ConnectionOrder order,
    List<LiveSnapshot.Connection> connections,
    String log) {}
