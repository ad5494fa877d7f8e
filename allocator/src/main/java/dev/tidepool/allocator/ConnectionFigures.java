package dev.tidepool.allocator;

/**
 * What a connection did, added up at the end of each request; and when the requests ended that left
 * something alive. Event loop only.
 */
final class ConnectionFigures implements ConnectionArenaMetric {
  private final ConnectionMemory memory;
  private long requests;
  private long resets;
  private long allocatedBytes;
  private long peakRequestBytes;

  ConnectionFigures(ConnectionMemory memory) {
    this.memory = memory;
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
    return memory.heldBytes();
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
