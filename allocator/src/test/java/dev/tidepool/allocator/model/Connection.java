package dev.tidepool.allocator.model;

import dev.tidepool.allocator.ConnectionArena;
import dev.tidepool.allocator.Replay;

/** The model of a connection's arena: its parent, and what its figures must be. */
final class Connection {
  final ConnectionArena arena;
  final ModelLoop loop;
  final Connection parent;
  final int tag;
  boolean closed;

  /** The replay of the recording that is under way; null if none is. */
  Replay replay;

  // Bytes handed out since the last reset; what growing and shrinking add is not modelled.
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

  /** Expects between so many and so many bytes more to be handed out. */
  void handedOut(long atLeast, long atMost) {
    least += atLeast;
    most += atMost;
  }

  /** Expects up to so many bytes later: a straggler's growth shows when its block is given back. */
  void handedOutLate(long atMost) {
    late += atMost;
  }

  /** Checks the figures, which are up to date after a request's end. */
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
