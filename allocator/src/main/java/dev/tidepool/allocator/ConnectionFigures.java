package dev.tidepool.allocator;

import org.jspecify.annotations.Nullable;

/**
 * What a connection did, added up at the end of each request; and when the requests ended that left
 * something alive. Event loop only.
 */
final class ConnectionFigures implements ConnectionArenaMetric {
  private final ConnectionMemory memory;
  private final @Nullable ConnectionBudget budget;
  private long requests;
  private long resets;
  private long allocatedBytes;
  private long peakRequestBytes;

  ConnectionFigures(ConnectionMemory memory, @Nullable ConnectionBudget budget) {
    this.memory = memory;
    this.budget = budget;
  }

  void endRequest(long bytes) {
    resets++;
    if (bytes > 0) {
      requests++;
      allocatedBytes += bytes;
      peakRequestBytes = Math.max(peakRequestBytes, bytes);
    }
  }

  @Override
  public long requests() {
    return requests;
  }

  @Override
  public long resets() {
    return resets;
  }

  @Override
  public long allocatedBytes() {
    return allocatedBytes;
  }

  @Override
  public long peakRequestBytes() {
    return peakRequestBytes;
  }

  @Override
  public int leasedBlocks() {
    return memory.heldBlocks();
  }

  @Override
  public long chargedBytes() {
    return memory.heldBytes() - overflowBytes();
  }

  @Override
  public long overflowBytes() {
    return budget == null ? 0 : budget.overflowBytes();
  }

  @Override
  public long refusals() {
    return budget == null ? 0 : budget.refusals();
  }

  @Override
  public long pauses() {
    return budget == null ? 0 : budget.pauses();
  }

  @Override
  public int stragglers() {
    int[] count = new int[1];
    memory.forEachStraggler(buffer -> count[0]++);
    return count[0];
  }

  @Override
  public String toString() {
    return "requests: %d, resets: %d, allocated: %d, peak request: %d, blocks: %d, charged: %d"
        .formatted(
            requests, resets, allocatedBytes, peakRequestBytes, leasedBlocks(), chargedBytes());
  }
}
