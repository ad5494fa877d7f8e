package dev.tidepool.echo.server;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ConnectionOrder;
import dev.tidepool.allocator.ConnectionSnapshot;
import dev.tidepool.allocator.ConnectionWalk;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.live.LiveSource;
import dev.tidepool.echo.live.Reading;
import io.netty.channel.group.ChannelGroup;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The figures of a server; of an allocator without arenas, only those that it has. */
final class ServerSource implements LiveSource {
  private final ServerMemory memory;
  private final ServerTotals totals;
  private final ChannelGroup connections;
  private final LiveConnections views;

  ServerSource(
      ServerMemory memory,
      ServerTotals totals,
      ChannelGroup connections,
      Predicate<Object> isLeaking) {
    this.memory = memory;
    this.totals = totals;
    this.connections = connections;
    this.views = new LiveConnections(isLeaking);
  }

  @Override
  public Reading read(int limit) {
    @Nullable ArenaByteBufAllocator arenas = memory.arenas();
    return arenas == null ? plain() : ofArenas(arenas, limit);
  }

  @Override
  public List<LiveSnapshot.Connection> connections(int limit, ConnectionOrder order) {
    @Nullable ArenaByteBufAllocator arenas = memory.arenas();
    return arenas == null ? List.of() : views(arenas.connections(limit, order));
  }

  private List<LiveSnapshot.Connection> views(ConnectionWalk walk) {
    return walk.first().stream().map(this::view).toList();
  }

  /** What is shown has its recent requests noted from then on. */
  private LiveSnapshot.Connection view(ConnectionSnapshot arena) {
    arena.arena().watch();
    return views.of(arena);
  }

  private Reading plain() {
    return new Reading(
        connections.size(),
        0,
        totals.requests(),
        0,
        ServerMemory.resident(),
        Math.max(0, memory.used()), // an allocator without a metric shows as one that holds nothing
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        List.of(),
        List.of());
  }

  private Reading ofArenas(ArenaByteBufAllocator arenas, int limit) {
    ConnectionWalk walk = arenas.connections(limit, ConnectionOrder.HEAVIEST);
    var metric = arenas.metric();
    return new Reading(
        connections.size(),
        walk.connections(),
        totals.requests(),
        walk.resets(),
        ServerMemory.resident(),
        memory.used(),
        metric.leasedMemory(),
        metric.pooledMemory(),
        walk.aliveBytes() + walk.stragglingBytes(),
        walk.liveBuffers(),
        walk.stragglers(),
        metric.refusals(),
        metric.leaks(),
        arenas.poolSnapshots(),
        views(walk));
  }
}
