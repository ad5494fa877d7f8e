package dev.tidepool.allocator.model;

import dev.tidepool.allocator.ConnectionArena;

/** The model of a connection's arena: who belongs to whom, and what the figures must say. */
final class Connection {
  final ConnectionArena arena;
  final ModelLoop loop;
  final Connection parent;
  final int tag;
  boolean closed;

  // Bytes handed out since the last reset; how much growing and shrinking adds is not modelled.
  private long least;
  private long most;
  private long late;
  private long allocatedBefore;

  Connection(ConnectionArena arena, ModelLoop loop, Connection parent, int tag) {
    this.arena = arena;
    this.loop = loop;
    this.parent = parent;
    this.tag = tag;
  }

  boolean isWithin(Connection other) {
    for (Connection each = this; each != null; each = each.parent) {
      if (each == other) {
        return true;
      }
    }
    return false;
  }

  boolean contains(Connection other) {
    return other.isWithin(this);
  }

  /** Between so many and so many bytes were handed out more. */
  void handedOut(long atLeast, long atMost) {
    least += atLeast;
    most += atMost;
  }

  /** What a straggler grows by shows only when its block is given back. */
  void handedOutLate(long atMost) {
    late += atMost;
  }

  /** A request ended: the figures have come up to date. */
  void checkFigures() {
    long now = arena.metric().allocatedBytes();
    long handedOut = now - allocatedBefore;
    Expect.that(
        Math.max(0, least) <= handedOut && handedOut <= most + late,
        "handed out: %d (expected: %d to %d)".formatted(handedOut, least, most + late),
        this);
    allocatedBefore = now;
    least = 0;
    most = 0;
  }

  @Override
  public String toString() {
    return arena.toString();
  }
}
