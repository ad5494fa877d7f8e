package dev.tidepool.echo.server;

import dev.tidepool.allocator.ConnectionArenaMetric;
import java.net.InetSocketAddress;

/** What one connection's arena did, read on its event loop. */
public record ArenaAccount(
    InetSocketAddress remote,
    long requests,
    long resets,
    long allocatedBytes,
    long peakRequestBytes,
    int leasedBlocks,
    int stragglers) {

  static ArenaAccount of(InetSocketAddress remote, ConnectionArenaMetric metric) {
    return new ArenaAccount(
        remote,
        metric.requests(),
        metric.resets(),
        metric.allocatedBytes(),
        metric.peakRequestBytes(),
        metric.leasedBlocks(),
        metric.stragglers());
  }
}
