package dev.tidepool.benchmarks;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands buffers from one thread to one other, in batches, and holds back a producer that is ahead
 * by more than its capacity. What it costs is the same for every allocator.
 *
 * <pre>
 *   0 &lt;= published - consumed &lt;= capacity
 * </pre>
 */
final class SpscQueue {
  private final ByteBuf[] ring;

  /** A cache line and its neighbour lie between what the two threads write. */
  private final AtomicLong consumed = new PaddedLong();

  private final AtomicLong published = new PaddedLong();

  /**
   * @param capacity a power of two
   */
  SpscQueue(int capacity) {
    ring = new ByteBuf[capacity];
  }

  /** Publishes the whole batch, or nothing if there is no room for it. */
  boolean offer(ByteBuf[] batch) {
    long to = published.getPlain();
    if (to + batch.length - consumed.getAcquire() > ring.length) {
      return false;
    }
    for (ByteBuf buffer : batch) {
      ring[(int) to++ & (ring.length - 1)] = buffer;
    }
    published.setRelease(to);
    return true;
  }

  /**
   * Releases all that was published.
   *
   * @return how many
   */
  int releaseAll() {
    long from = consumed.getPlain();
    long to = published.getAcquire();
    for (long at = from; at < to; at++) {
      ring[(int) at & (ring.length - 1)].release();
    }
    consumed.setRelease(to);
    return (int) (to - from);
  }

  @SuppressWarnings({"serial", "unused"}) // never serialised; the fields take up room
  private static final class PaddedLong extends AtomicLong {
    private long p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;
  }
}
