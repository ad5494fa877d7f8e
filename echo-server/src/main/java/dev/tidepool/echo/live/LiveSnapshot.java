package dev.tidepool.echo.live;

import dev.tidepool.allocator.PoolSnapshot;
import java.util.List;

/**
 * One sample of a running server. Its components are the names of the page's JSON.
 *
 * @param atMillis when it was taken, in milliseconds of the epoch
 * @param intervalMillis the time since the sample before
 * @param header the totals
 * @param loops the block pools
 * @param connections the heaviest connections, heaviest first
 * @param point what the charts draw
 * @param server what the server is
 */
public record LiveSnapshot(
    long atMillis,
    long intervalMillis,
    Header header,
    List<Loop> loops,
    List<Connection> connections,
    Point point,
    Server server) {

  public LiveSnapshot {
    loops = List.copyOf(loops);
    connections = List.copyOf(connections);
  }

  /** The totals of a server; memory in bytes, {@code residentBytes} -1 where it is unknown. */
  public record Header(
      int connections,
      double requestsPerSecond,
      double resetsPerSecond,
      long residentBytes,
      long upstreamBytes,
      long leasedBytes,
      long idleBytes,
      long liveBuffers,
      long stragglers,
      long refusals,
      long leaks) {}

  /**
   * A block pool.
   *
   * @param lane whether it serves threads that are no event loops
   * @param trimmedLatelyBytes what the trim gave back in the last ten seconds
   */
  public record Loop(
      String name,
      boolean lane,
      long idleBytes,
      long leasedBytes,
      long trimmedBytes,
      long trimmedLatelyBytes,
      List<PoolSnapshot.IdleClass> idle) {
    public Loop {
      idle = List.copyOf(idle);
    }
  }

  /** A connection's arena; see {@link dev.tidepool.allocator.ConnectionSnapshot}. */
  public record Connection(
      long id,
      String name,
      String protocol,
      String state,
      long ageMillis,
      long requests,
      long resets,
      long allocatedBytes,
      long peakRequestBytes,
      long peakHeldBytes,
      int blocks,
      long aliveBytes,
      long releasedBytes,
      long stragglingBytes,
      long freeBytes,
      long overflowBytes,
      int liveBuffers,
      int stragglers,
      long refusals,
      long pauses,
      List<Long> recentRequestBytes) {
    public Connection {
      recentRequestBytes = List.copyOf(recentRequestBytes);
    }
  }

  /** What the charts draw; latencies in nanoseconds, 0 where no request ended. */
  public record Point(
      long atMillis,
      long residentBytes,
      long upstreamBytes,
      long leasedBytes,
      long liveBytes,
      double requestsPerSecond,
      double resetsPerSecond,
      long latencyP50Nanos,
      long latencyP99Nanos,
      long latencyMaxNanos) {}

  /** What the server is. */
  public record Server(
      String protocol,
      String transport,
      String allocator,
      String address,
      boolean actions,
      String recording) {}
}
