package dev.tidepool.echo.live.http;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ConnectionOrder;
import dev.tidepool.allocator.ConnectionSnapshot;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.live.WalkPace;
import dev.tidepool.echo.server.LiveConnections;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections' arenas, by walks over all of them. Walks are kept for a time that grows with
 * their length, so that in each order no more than {@value WalkPace#PER_SECOND} arenas a second are
 * looked at for viewers' questions. On the page's worker alone.
 */
final class ArenaList {
  private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int LONGEST_LIST = 1_000;
  private static final int USUAL_LIST = 100;

  private final @Nullable ArenaByteBufAllocator arenas;
  private final LiveConnections views;

  private final Map<ConnectionOrder, Walk> walks = new EnumMap<>(ConnectionOrder.class);

  /** All arenas in one order, and when that is no longer to be shown. */
  private record Walk(List<ConnectionSnapshot> arenas, long staleNanos) {
    static final Walk NONE = new Walk(List.of(), System.nanoTime());

    boolean isStale() {
      return System.nanoTime() - staleNanos >= 0;
    }
  }

  /**
   * @param arenas null: the server's allocator has none
   */
  ArenaList(@Nullable ArenaByteBufAllocator arenas, LiveConnections views) {
    this.arenas = arenas;
    this.views = views;
  }

  /** Answers with the first arenas in an order, of those whose name has a text in it. */
  Reply answer(PageRequest request) {
    ConnectionOrder order = order(request.parameter("order", "heaviest"));
    int limit = (int) request.number("limit", USUAL_LIST, 0, LONGEST_LIST);
    String search = request.parameter("search", "").toLowerCase(Locale.ROOT);
    List<ConnectionSnapshot> all = walk(order);
    List<LiveSnapshot.Connection> listed =
        all.stream()
            .filter(arena -> search.isEmpty() || name(arena).contains(search))
            .limit(limit)
            .map(views::of)
            .toList();
    return Reply.json(Map.of("connections", listed, "total", all.size()));
  }

  private static ConnectionOrder order(String name) {
    return Arrays.stream(ConnectionOrder.values())
        .filter(order -> order.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new RefusedException(
                    HttpResponseStatus.BAD_REQUEST,
                    "order is '%s', expected one of %s"
                        .formatted(
                            name,
                            Arrays.toString(ConnectionOrder.values()).toLowerCase(Locale.ROOT))));
  }

  private static String name(ConnectionSnapshot arena) {
    return LiveConnections.name(arena.arena().connection()).toLowerCase(Locale.ROOT);
  }

  /** The arena with that number, as a walk that is not stale finds it. */
  Optional<ConnectionSnapshot> find(long id) {
    List<ConnectionSnapshot> all = walk(ConnectionOrder.HEAVIEST);
    return all.stream().filter(arena -> arena.id() == id).findFirst();
  }

  private List<ConnectionSnapshot> walk(ConnectionOrder order) {
    if (arenas == null) {
      return List.of();
    }
    Walk last = walks.getOrDefault(order, Walk.NONE);
    if (last.isStale()) {
      List<ConnectionSnapshot> all = arenas.connections(Integer.MAX_VALUE, order).first();
      last = new Walk(all, System.nanoTime() + WalkPace.intervalNanos(LEAST_NANOS, all.size()));
      walks.put(order, last);
    }
    return last.arenas();
  }

  /** Forgets stale walks, which keep connections that have closed. */
  void tidy() {
    walks.values().removeIf(Walk::isStale);
  }
}
