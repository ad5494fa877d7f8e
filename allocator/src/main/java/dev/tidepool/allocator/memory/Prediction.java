package dev.tidepool.allocator.memory;

/**
 * How large the next block should be: the first of a request as large as what its like lately used,
 * then twice the last. Owner only.
 *
 * <pre>
 *   predicted == used                                    after a request that used as much, or more
 *   predicted == before - (before - used) / DECAY        after one that used less
 * </pre>
 */
final class Prediction {
  /** A smaller request than predicted takes this part of the difference off the prediction. */
  private static final int DECAY = 4;

  private final int limit;
  private int predicted;
  private int lastLeased;
  private long requestBytes;
  private long requestPeak;

  /**
   * @param limit bytes that no block to bump in is larger than
   */
  Prediction(int limit) {
    this.limit = limit;
  }

  int nextSize(int needed) {
    int wanted = lastLeased == 0 ? predicted : 2 * lastLeased;
    return Math.max(needed, Math.max(1, Math.min(wanted, limit)));
  }

  void leased(int bytes) {
    lastLeased = bytes;
  }

  /** Takes what {@code block} counted into the request. */
  void harvest(Block block) {
    requestBytes += block.harvestAllocated();
    requestPeak += block.harvestPeak();
  }

  /**
   * What the next request will need, from what this one did.
   *
   * @return bytes handed out in this one
   */
  long endRequest() {
    long bytes = requestBytes;
    if (bytes > 0) {
      int used = (int) Math.min(requestPeak, limit);
      predicted = used >= predicted ? used : predicted - Math.max(1, (predicted - used) / DECAY);
    }
    requestBytes = 0;
    requestPeak = 0;
    lastLeased = 0;
    return bytes;
  }
}
