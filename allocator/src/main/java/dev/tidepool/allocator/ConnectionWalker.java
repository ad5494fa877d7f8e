package dev.tidepool.allocator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/** The walk over all connection arenas of an allocator. */
final class ConnectionWalker {
  private ConnectionWalker() {}

  static ConnectionWalk walk(Set<ConnectionArena> connections, int limit, ConnectionOrder order) {
    List<ConnectionSnapshot> all = new ArrayList<>();
    connections.forEach(arena -> all.add(snapshot(arena)));
    all.sort(Comparator.comparingLong(key(order)).reversed());
    return new ConnectionWalk(
        all.size(),
        all.stream().mapToLong(ConnectionSnapshot::liveBuffers).sum(),
        all.stream().mapToLong(ConnectionSnapshot::stragglers).sum(),
        all.subList(0, Math.min(limit, all.size())));
  }

  private static ToLongFunction<ConnectionSnapshot> key(ConnectionOrder order) {
    return switch (order) {
      case HEAVIEST -> ConnectionSnapshot::heldBytes;
      case STRAGGLING -> ConnectionSnapshot::stragglingBytes;
      case REFUSED -> ConnectionSnapshot::refusals;
      case BUSIEST -> ConnectionSnapshot::requests;
      case OLDEST -> snapshot -> snapshot.age().toNanos();
    };
  }

  private static ConnectionSnapshot snapshot(ConnectionArena arena) {
    ConnectionArenaMetric metric = arena.metric();
    return new ConnectionSnapshot(
        arena,
        System.identityHashCode(arena),
        arena.connection().toString(),
        !arena.isRoot(),
        arena.isClosed(),
        arena.isUnderPressure(),
        Duration.ZERO,
        metric.requests(),
        metric.resets(),
        metric.allocatedBytes(),
        metric.peakRequestBytes(),
        0,
        metric.leasedBlocks(),
        arena.heldBytes(),
        0,
        0,
        0,
        metric.overflowBytes(),
        0,
        0,
        metric.refusals(),
        metric.pauses(),
        List.of());
  }
}
