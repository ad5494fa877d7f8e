package dev.tidepool.allocator.memory;

/**
 * The layer of an {@link Arena} that predicts the size of its next block. Owner only.
 *
 * <p>First block: what requests recently used. A request that uses more goes on in blocks of an
 * eighth of what the arena holds, so that little is left of the last one. So does a request that
 * finds stragglers: each survivor keeps a whole block, and the gaps between them come first. Where
 * no request ends, and everything else has died, the next block is as large as all that died.
 *
 * <pre>
 *   left == predicted - requestPeak                      of what the request was predicted
 *   next block == left                                   if left &gt; 0 and there are few stragglers
 *   next block == course - held                          else, if all but the current block is dead
 *   next block == min(course, held) / PART               else
 *   0 &lt;= course &lt;= PART * bumpLimit                      bumped in since nothing was held, or a reset
 * </pre>
 *
 * <p>Bytes bumped in gaps do not count in requestPeak and course: the next request finds the gaps
 * too.
 *
 * <pre>
 *   predicted == used                                    after a request that used as much, or more
 *   predicted == before - (before - used) / DECAY        after one that used less
 * </pre>
 *
 * <p>Blocks that reads lease are predicted apart: a connection that has sent one byte of its next
 * request holds what that byte needs, not what its last request used.
 *
 * <pre>
 *   block of a read == max(needed, smallest &lt;&lt; readBlocks)      readBlocks: since the first block
 * </pre>
 *
 * <p>The layers, {@code Prediction}, {@link ArenaAccount}, {@link BlocksAside} and {@code Arena},
 * are one object because every idle connection keeps two or more of it. As three objects they took
 * half as much heap again, in headers, references and padding. The benchmarks' Idle suite measures
 * it.
 */
abstract class Prediction {
  /**
   * A request smaller than predicted takes this part of the difference off the prediction. With a
   * third, 16 such requests make even the largest prediction a small one.
   */
  private static final int DECAY = 3;

  /** The limit of doublings, after which blocks grow no more. */
  private static final int MOST_DOUBLINGS = Integer.SIZE - 2;

  /** The next block is this part of what is held. */
  private static final int PART = 8;

  private int predicted;
  private int course;
  private long requestBytes;
  private long requestPeak;
  private byte readBlocks; // fits the object's padding

  /** The bytes that the next request is expected to use: all that is known of those before. */
  public final int predicted() {
    return predicted;
  }

  final void predicted(int bytes) {
    predicted = bytes;
  }

  /** The most bytes of a block to bump in. */
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

  /** The size of the next block by what is held, whatever was predicted. */
  final int nextSizeByHeld(long held) {
    return partOf(Math.min(course, held));
  }

  /** The size of a block that is one part of what is held. */
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

  /** Counts a block to bump in that a read leased. */
  final void noteLeasedToRead() {
    if (readBlocks < MOST_DOUBLINGS) {
      readBlocks++;
    }
  }

  /** Counts what the request used of {@code block}. */
  final void harvest(Block block) {
    requestBytes += block.harvestAllocated();
    int bumped = block.harvestPeak();
    requestPeak += bumped;
    course = Math.min(course + bumped, PART * bumpLimit());
  }

  /** Counts the bytes of a block of large buffers only: what those need is not predicted. */
  final void harvestLarge(Block block) {
    requestBytes += block.harvestAllocated();
    block.harvestPeak();
  }

  /**
   * Predicts the next request from this one.
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

  /** Whether no bytes were handed out or counted since the last request. */
  final boolean isAtRest() {
    return requestBytes == 0 && requestPeak == 0 && course == 0 && readBlocks == 0;
  }

  /** Starts over: the next block is the first one again. */
  final void beginCourse() {
    course = 0;
    readBlocks = 0;
  }
}
