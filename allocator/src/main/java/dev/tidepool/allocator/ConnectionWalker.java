package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.HeldFigures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * One walk over all connection arenas of an allocator. Keeps the first arenas in a heap of as many
 * as were asked for, and makes snapshots of those alone. An arena that holds no block costs a few
 * reads.
 */
final class ConnectionWalker {
  /** The slots of buffers that one walk looks at; see {@link HeldFigures}. */
  static final int LOOKS = 1 << 18;

  /** From the last in the order to the first; of equals the one opened later is last. */
  private static final Comparator<Weighed> LAST_FIRST =
      Comparator.comparingLong(Weighed::weight)
          .thenComparing(Comparator.comparingLong((Weighed each) -> each.arena.id()).reversed());

  private final ConnectionOrder order;
  private final int limit;
  private final PriorityQueue<Weighed> first = new PriorityQueue<>(LAST_FIRST);
  private final HeldFigures total = new HeldFigures(LOOKS);
  private int connections;
  private long requests;
  private long resets;

  private record Weighed(ConnectionArena arena, HeldFigures held, long weight) {}

  ConnectionWalker(ConnectionOrder order, int limit) {
    this.order = order;
    this.limit = limit;
  }

  ConnectionWalk walk(Connections all) {
    requests = all.requests().ofClosed(); // first: what closes meanwhile counts once at most
    resets = all.resets().ofClosed();
    all.forEach(this::look);
    return new ConnectionWalk(
        connections,
        all.requests().atLeast(requests),
        all.resets().atLeast(resets),
        total.liveBuffers(),
        total.stragglers(),
        total.aliveBytes(),
        total.stragglingBytes(),
        List.copyOf(snapshots()));
  }

  private void look(ConnectionArena arena) {
    HeldFigures held = new HeldFigures(total.looks());
    HeldByConnection.add(arena, held);
    total.add(held);
    connections++;
    if (!arena.isClosed()) {
      requests += arena.requests();
      resets += arena.resets();
    }
    keep(new Weighed(arena, held, weight(arena, held)));
  }

  private long weight(ConnectionArena arena, HeldFigures held) {
    return switch (order) {
      case HEAVIEST -> held.heldBytes();
      case STRAGGLING -> held.stragglingBytes();
      case REFUSED -> arena.metric().refusals();
      case BUSIEST -> arena.requests();
      case OLDEST -> -arena.id();
    };
  }

  private void keep(Weighed arena) {
    if (first.size() < limit) {
      first.add(arena);
    } else if (limit > 0 && LAST_FIRST.compare(arena, first.element()) > 0) {
      first.remove();
      first.add(arena);
    }
  }

  private List<ConnectionSnapshot> snapshots() {
    List<Weighed> kept = new ArrayList<>(first);
    kept.sort(LAST_FIRST.reversed());
    return kept.stream().map(each -> HeldByConnection.snapshot(each.arena, each.held)).toList();
  }
}
