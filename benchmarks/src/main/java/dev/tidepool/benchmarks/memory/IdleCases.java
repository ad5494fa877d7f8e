package dev.tidepool.benchmarks.memory;

import dev.tidepool.benchmarks.memory.Suite.Case;
import java.util.List;

/** What {@link Suite#IDLE} consists of. */
final class IdleCases {
  private IdleCases() {}

  static List<Case> full() {
    return List.of(
        arenas(1_000),
        new Case("arenas-heap-too", new IdleArenas(1_000, true)),
        arenas(10_000),
        arenas(100_000),
        sockets(10_000));
  }

  static List<Case> quick() {
    return List.of(arenas(1_000), sockets(500));
  }

  private static Case arenas(int connections) {
    return new Case("arenas-" + connections, new IdleArenas(connections, false));
  }

  private static Case sockets(int connections) {
    return new Case("sockets-" + connections, new IdleSockets(connections));
  }
}
