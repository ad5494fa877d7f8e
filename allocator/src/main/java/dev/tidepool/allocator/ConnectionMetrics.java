package dev.tidepool.allocator;

import org.jspecify.annotations.Nullable;

/** The metrics of one connection's arena, read from it at each call. */
record ConnectionMetrics(ConnectionArena arena) implements ConnectionArenaMetric {
  @Override
  public long requests() {
    return arena.requests();
  }

  @Override
  public long resets() {
    return arena.resets();
  }

  @Override
  public long allocatedBytes() {
    return arena.allocatedBytes();
  }

  @Override
  public long peakRequestBytes() {
    return arena.peakRequestBytes();
  }

  @Override
  public int leasedBlocks() {
    return arena.heldBlocks();
  }

  @Override
  public long chargedBytes() {
    return arena.heldBytes() - overflowBytes();
  }

  @Override
  public long overflowBytes() {
    ConnectionBudget budget = budget();
    return budget == null ? 0 : budget.overflowBytes();
  }

  @Override
  public long refusals() {
    ConnectionBudget budget = budget();
    return budget == null ? 0 : budget.refusals();
  }

  @Override
  public long pauses() {
    ConnectionBudget budget = budget();
    return budget == null ? 0 : budget.pauses();
  }

  private @Nullable ConnectionBudget budget() {
    return arena.budget();
  }

  @Override
  public long peakHeldBytes() {
    return HeldByConnection.peakBytes(arena);
  }

  @Override
  public int liveBuffers() {
    return HeldByConnection.of(arena).liveBuffers();
  }

  @Override
  public int stragglers() {
    return HeldByConnection.of(arena).stragglers();
  }

  @Override
  public String toString() {
    return "requests: %d, resets: %d, allocated: %d, peak request: %d, blocks: %d, charged: %d"
        .formatted(
            requests(),
            resets(),
            allocatedBytes(),
            peakRequestBytes(),
            leasedBlocks(),
            chargedBytes());
  }
}
