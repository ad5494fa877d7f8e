package dev.tidepool.allocator.memory;

/**
 * The layer of an {@link Arena} that knows how large the next block should be. Owner only.
 *
 * <p>First block: what requests lately used. Each further block doubles the last. A block is the
 * first also if the arena holds no other: in a request that never ends the blocks must not double
 * for ever.
 *
 * <pre>
 *   predicted == used                                    after a request that used as much, or more
 *   predicted == before - (before - used) / DECAY        after one that used less
 * </pre>
 *
 * <p>Blocks that reads lease are apart from those: a connection that has sent one byte of its next
 * request holds what that byte needs, and not what its last request used.
 *
 * <pre>
 *   block of a read == max(needed, smallest &lt;&lt; readBlocks)      readBlocks: since the first block
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

  /** Doublings after which no block is larger. */
  private static final int MOST_DOUBLINGS = Integer.SIZE - 2;

  private int predicted;
  private int lastLeased;
  private long requestBytes;
  private long requestPeak;
  private byte readBlocks; // fits the object's padding

  /** What the next request is expected to use: all that is known of those before. */
  public final int predicted() {
    return predicted;
  }

  final void predicted(int bytes) {
    predicted = bytes;
  }

  /** Bytes that no block to bump in is larger than. */
  abstract int bumpLimit();

  final int nextSize(int needed) {
    int wanted = lastLeased == 0 ? predicted : 2 * lastLeased;
    return Math.max(needed, Math.max(1, Math.min(wanted, bumpLimit())));
  }

  final int nextSizeToRead(int needed, int smallest) {
    long doubled = (long) smallest << readBlocks;
    return (int) Math.max(needed, Math.min(doubled, bumpLimit()));
  }

  /** A block to bump in was leased, by a read or not. */
  final void noteLeased(int bytes, boolean toRead) {
    if (!toRead) {
      lastLeased = bytes;
    } else if (readBlocks < MOST_DOUBLINGS) {
      readBlocks++;
    }
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
    beginCourse();
    return bytes;
  }

  /** Whether nothing was handed out, or harvested, since the last request. */
  final boolean isAtRest() {
    return requestBytes == 0 && requestPeak == 0 && lastLeased == 0 && readBlocks == 0;
  }

  /** The next block is the first one again. */
  final void beginCourse() {
    lastLeased = 0;
    readBlocks = 0;
  }
}
