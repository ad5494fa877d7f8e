package dev.tidepool.echo.live;

import dev.tidepool.allocator.PoolSnapshot;
import java.util.List;

/**
 * What a server's figures were at one moment; memory in bytes.
 *
 * @param connections the open connections
 * @param walked the arenas looked at for this reading, those of streams included
 * @param requests the requests answered since the start
 * @param resets the resets of arenas since the start
 * @param residentBytes of the process, -1 where the system does not say
 * @param liveBytes of buffers alive in connections
 * @param pools the block pools, none with an allocator that has no arenas
 * @param heaviest the connections that hold most, heaviest first
 */
public record Reading(
    int connections,
    int walked,
    long requests,
    long resets,
    long residentBytes,
    long upstreamBytes,
    long leasedBytes,
    long idleBytes,
    long liveBytes,
    long liveBuffers,
    long stragglers,
    long refusals,
    long leaks,
    List<PoolSnapshot> pools,
    List<LiveSnapshot.Connection> heaviest) {
  public Reading {
    pools = List.copyOf(pools);
    heaviest = List.copyOf(heaviest);
  }
}
