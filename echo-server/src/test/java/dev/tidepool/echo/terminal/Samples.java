package dev.tidepool.echo.terminal;

import dev.tidepool.allocator.PoolSnapshot.IdleClass;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.live.LiveSnapshot.Connection;
import dev.tidepool.echo.live.LiveSnapshot.Loop;
import java.util.ArrayList;
import java.util.List;

/** Samples of servers that do not run. */
final class Samples {
  private static final int KIB = 1 << 10;
  private static final long NOON = 43_200_000;

  private Samples() {}

  /** A busy server, two of whose connections have trouble. */
  static LiveSnapshot busy() {
    return of(
        new LiveSnapshot.Header(
            10_000, 45_210, 45_198, 222_298_112, 8 << 20, 2 << 20, 6 << 20, 1_234, 7, 3, 1),
        connections());
  }

  /** A server with figures of its own and no connections. */
  static LiveSnapshot with(LiveSnapshot.Header header, long atMillis) {
    LiveSnapshot sample = of(header, List.of());
    return new LiveSnapshot(
        atMillis,
        1_000,
        header,
        sample.loops(),
        sample.connections(),
        sample.point(),
        sample.server());
  }

  private static LiveSnapshot of(LiveSnapshot.Header header, List<Connection> connections) {
    return new LiveSnapshot(
        NOON,
        100,
        header,
        loops(),
        connections,
        new LiveSnapshot.Point(NOON, 0, 0, 0, 0, 45_210, 45_198, 84_000, 512_000, 2_100_000),
        new LiveSnapshot.Server("http", "epoll", "arena", "127.0.0.1:7007", false, "off"));
  }

  private static List<Loop> loops() {
    return List.of(
        new Loop(
            "echo-server-1-1",
            false,
            4 << 20,
            1536 * KIB,
            9 << 20,
            256 * KIB,
            List.of(new IdleClass(16 * KIB, true, 12), new IdleClass(64 * KIB, true, 3))),
        new Loop(
            "echo-server-1-2",
            false,
            2 << 20,
            512 * KIB,
            0,
            0,
            List.of(new IdleClass(16 * KIB, true, 8), new IdleClass(16 * KIB, false, 1))));
  }

  private static List<Connection> connections() {
    List<Connection> all = new ArrayList<>();
    all.add(connection(1, "paused", 640, 96, 16, 272, 1024, 2, 3));
    all.add(connection(2, "leaking", 0, 0, 512, 0, 512, 7, 0));
    for (int i = 3; i <= 100; i++) {
      int free = 400 / i;
      all.add(connection(i, "open", 300 / i, 120 / i, 0, free, 900 / i, 0, 0));
    }
    return all;
  }

  private static Connection connection(
      int id,
      String state,
      int aliveKib,
      int releasedKib,
      int stragglingKib,
      int freeKib,
      int peakKib,
      int stragglers,
      long refusals) {
    return new Connection(
        id,
        "127.0.0.1:" + (40_000 + id),
        "http",
        state,
        id * 61_000L,
        1_000_000L / id,
        999_999L / id,
        1L << 30,
        KIB,
        (long) peakKib * KIB,
        4,
        (long) aliveKib * KIB,
        (long) releasedKib * KIB,
        (long) stragglingKib * KIB,
        (long) freeKib * KIB,
        0,
        aliveKib / 4,
        stragglers,
        refusals,
        0,
        List.of());
  }
}
