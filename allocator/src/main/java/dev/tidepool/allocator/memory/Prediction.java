package dev.tidepool.allocator.memory;

/**
 * The layer of an {@link Arena} that knows how large the next block should be: the first of a
 * request as large as what its like lately used, then twice the last. Owner only.
 *
 * <pre>
 *   predicted == used                                    after a request that used as much, or more
 *   predicted == before - (before - used) / DECAY        after one that used less
 * </pre>
 *
 * <p>The layers, {@code Prediction}, {@link Leases} and {@code Arena}, are one object since every
 * idle connection keeps two or more of it: as three they took half as much heap again, in headers,
 * references and padding. The benchmarks' Idle suite measures it.
 */
abstract class Prediction {
  /**
   * A smaller request than predicted takes this part of the difference off the prediction: with a
   * third, 16 of them make even the largest one's prediction a small one's.
   */
  private static final int DECAY = 3;

  private int predicted;
  private int lastLeased;
  private long requestBytes;
  private long requestPeak;

  /** Bytes that no block to bump in is larger than. */
  abstract int bumpLimit();

  final int nextSize(int needed) {
    int wanted = lastLeased == 0 ? predicted : 2 * lastLeased;
    return Math.max(needed, Math.max(1, Math.min(wanted, bumpLimit())));
  }

  /** A block to bump in was leased. */
  final void noteLeased(int bytes) {
    lastLeased = bytes;
  }

  /** Takes what {@code block} counted into the request. */
  final void harvest(Block block) {
    requestBytes += block.harvestAllocated();
    requestPeak += block.harvestPeak();
  }

  /**
   * What the next request will need, from what this one did.
   *
   * @return bytes handed out in this one
   */
  final long predict() {
    long bytes = requestBytes;
    if (bytes > 0) {
      int used = (int) Math.min(requestPeak, bumpLimit());
      predicted = used >= predicted ? used : predicted - Math.max(1, (predicted - used) / DECAY);
    }
    requestBytes = 0;
    requestPeak = 0;
    lastLeased = 0;
    return bytes;
  }
}
