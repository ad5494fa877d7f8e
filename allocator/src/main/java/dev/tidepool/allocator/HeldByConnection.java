package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.HeldFigures;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What a connection's arenas hold, as any thread may read it: exact on the event loop. */
final class HeldByConnection {
  private HeldByConnection() {}

  /** Adds what {@code router}'s arenas hold for it, of the event loop and in lanes. */
  static void add(ArenaRouter router, HeldFigures into) {
    int request = router.isClosed() ? HeldFigures.ENDED : router.request();
    ConnectionArenas lent = router.lentArenas();
    if (lent != null) {
      lent.addHeld(router, request, into);
    }
    ConnectionExtras extras = router.extras();
    if (extras != ConnectionExtras.NONE) {
      extras.forEachArena(arena -> into.add(arena, request));
    }
  }

  /** What {@code router}'s arenas hold for it, however many buffers have to be looked at. */
  static HeldFigures of(ArenaRouter router) {
    HeldFigures held = new HeldFigures(Integer.MAX_VALUE);
    add(router, held);
    return held;
  }

  /** The most bytes held at once, by the event loop's arenas and, added to that, by the lanes. */
  static long peakBytes(ArenaRouter router) {
    ConnectionArenas lent = router.lentArenas();
    long now = lent == null ? 0 : lent.peakHeld(router);
    ConnectionLanes lanes = router.extras().lanes;
    return Math.max(router.peakHeldNoted(), now) + (lanes == null ? 0 : lanes.peakHeld());
  }

  static ConnectionSnapshot snapshot(ConnectionArena arena, HeldFigures held) {
    ConnectionArenaMetric metric = arena.metric();
    return new ConnectionSnapshot(
        arena,
        arena.id(),
        arena.connection().toString(),
        !arena.isRoot(),
        arena.isClosed(),
        arena.isUnderPressure(),
        Duration.of(arena.ageMicros(), ChronoUnit.MICROS),
        metric.requests(),
        metric.resets(),
        metric.allocatedBytes(),
        metric.peakRequestBytes(),
        Math.max(metric.peakHeldBytes(), held.heldBytes()),
        held.blocks(),
        held.aliveBytes(),
        held.releasedBytes(),
        held.stragglingBytes(),
        held.freeBytes(),
        metric.overflowBytes(),
        held.liveBuffers(),
        held.stragglers(),
        metric.refusals(),
        metric.pauses(),
        recent(arena));
  }

  private static List<Long> recent(ArenaRouter router) {
    RecentRequests recent = router.extras().recent;
    return recent == null ? List.of() : List.copyOf(recent.bytes());
  }
}
