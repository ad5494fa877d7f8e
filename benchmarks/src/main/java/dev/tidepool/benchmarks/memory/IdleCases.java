package dev.tidepool.benchmarks.memory;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.memory.Suite.Case;
import java.util.List;
import java.util.Set;

/** What {@link Suite#IDLE} consists of. */
final class IdleCases {
  private IdleCases() {}

  static List<Case> full() {
    return List.of(
        arenas(1_000),
        arenas(10_000),
        arenas(100_000),
        heap("heap-1000", new IdleHeap(1_000, false)),
        heap("heap-1000-both-kinds", new IdleHeap(1_000, true)),
        heap("heap-10000", new IdleHeap(10_000, false)),
        heap("heap-100000", new IdleHeap(100_000, false)),
        sockets(10_000));
  }

  static List<Case> quick() {
    return List.of(arenas(1_000), heap("heap-1000", new IdleHeap(1_000, false)), sockets(500));
  }

  private static Case arenas(int connections) {
    return new Case("arenas-" + connections, new IdleArenas(connections));
  }

  /** The other allocators keep nothing for a connection. */
  private static Case heap(String name, IdleHeap scenario) {
    return new Case(name, scenario, Set.of(AllocatorUnderTest.CONNECTION));
  }

  private static Case sockets(int connections) {
    return new Case("sockets-" + connections, new IdleSockets(connections));
  }
}
