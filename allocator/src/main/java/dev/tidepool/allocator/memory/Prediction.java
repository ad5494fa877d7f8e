package dev.tidepool.allocator.memory;

/**
 * The layer of an {@link Arena} that knows how large the next block should be. Owner only.
 *
 * <p>What requests lately used is had in one block. A request that uses more goes on in blocks of
 * an eighth of what the arena holds, so that what is left of the last one is never much beside
 * that; and so does one that finds stragglers: whatever of it survives keeps a whole block, and had
 * the gaps between them first. Where no request ends, and everything else has died, what came and
 * went is what comes next.
 *
 * <pre>
 *   left == predicted - requestPeak                      of what the request was predicted
 *   next block == left                                   if left &gt; 0 and there are few stragglers
 *   next block == course - held                          else, if all but the current block is dead
 *   next block == min(course, held) / PART               else
 *   0 &lt;= course &lt;= PART * bumpLimit                      bumped in since nothing was held, or a reset
 * </pre>
 *
 * <p>What is bumped in gaps is not counted in requestPeak and course: the next request finds them
 * too.
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
 * <p>The layers, {@code Prediction}, {@link ArenaAccount}, {@link BlocksAside} and {@code Arena},
 * are one object since every idle connection keeps two or more of it: as three objects they took
 * half as much heap again, in headers, references and padding. The benchmarks' Idle suite measures
 * it.
 */
abstract class Prediction {
  /**
   * A smaller request than predicted takes this part of the difference off the prediction: with a
   * third, 16 of them make even the largest one's prediction a small one's.
   */
  private static final int DECAY = 3;

  /** Doublings after which no block is larger. */
  private static final int MOST_DOUBLINGS = Integer.SIZE - 2;

  /** Of what is held, the part that the next block is. */
  private static final int PART = 8;

  private int predicted;
  private int course;
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

  /**
   * @param held bytes of the arena's blocks
   * @param alone whether nothing is alive but in the current block
   */
  final int nextSize(long held, boolean alone) {
    long left = predicted - requestPeak;
    if (left > 0) {
      return bumpable(left);
    }
    return alone ? bumpable(course - held) : nextSizeByHeld(held);
  }

  /** Whatever was predicted. */
  final int nextSizeByHeld(long held) {
    return partOf(Math.min(course, held));
  }

  /** The part of what is held that the next block is. */
  final int partOf(long held) {
    return bumpable(held / PART);
  }

  private int bumpable(long bytes) {
    return (int) Math.max(1, Math.min(bytes, bumpLimit()));
  }

  final int nextSizeToRead(int needed, int smallest) {
    long doubled = (long) smallest << readBlocks;
    return (int) Math.max(needed, Math.min(doubled, bumpLimit()));
  }

  /** A block to bump in was leased by a read. */
  final void noteLeasedToRead() {
    if (readBlocks < MOST_DOUBLINGS) {
      readBlocks++;
    }
  }

  /** Takes what {@code block} counted into the request. */
  final void harvest(Block block) {
    requestBytes += block.harvestAllocated();
    int bumped = block.harvestPeak();
    requestPeak += bumped;
    course = Math.min(course + bumped, PART * bumpLimit());
  }

  /** The same of a block that large buffers have to themselves: what they need is no guess. */
  final void harvestLarge(Block block) {
    requestBytes += block.harvestAllocated();
    block.harvestPeak();
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
    return requestBytes == 0 && requestPeak == 0 && course == 0 && readBlocks == 0;
  }

  /** The next block is the first one again. */
  final void beginCourse() {
    course = 0;
    readBlocks = 0;
  }
}
