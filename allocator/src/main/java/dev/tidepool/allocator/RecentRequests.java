package dev.tidepool.allocator;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

/**
 * The bytes of each of a connection's most recent requests. The event loop adds, any thread reads.
 *
 * <p>The ring has one place more than are shown, for the request that is being added.
 */
final class RecentRequests {
  static final int SHOWN = 64;

  private static final int PLACES = SHOWN + 1;

  private final AtomicLongArray ring = new AtomicLongArray(PLACES);
  private final AtomicLong ended = new AtomicLong();

  /** Adds a request. Event loop only. */
  void add(long bytes) {
    long number = ended.getPlain();
    ring.setOpaque((int) (number % PLACES), bytes);
    ended.setRelease(number + 1);
  }

  /**
   * The most recent requests' bytes, the oldest first. Leaves out what is overwritten meanwhile.
   */
  List<Long> bytes() {
    long end = ended.getAcquire();
    long begin = Math.max(0, end - SHOWN);
    List<Long> read =
        LongStream.range(begin, end).map(i -> ring.getOpaque((int) (i % PLACES))).boxed().toList();
    long endNow = ended.getAndAdd(0); // a full fence: the ring was read before
    long overwritten = Math.max(0, endNow - SHOWN - begin);
    return read.subList((int) Math.min(overwritten, read.size()), read.size());
  }
}
