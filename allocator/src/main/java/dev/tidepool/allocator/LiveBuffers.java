package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.ArenaByteBuf;

/** A count of a connection's living buffers, and the oldest, as far as a thread may look. */
final class LiveBuffers {
  static final int UNKNOWN = -1;

  private int count;
  private boolean complete = true;
  private int oldestRequest = UNKNOWN;
  private int oldestBytes = UNKNOWN;
  private long oldestAgeNanos = UNKNOWN;

  /** A count of which nothing is known. */
  static LiveBuffers unknown() {
    LiveBuffers buffers = new LiveBuffers();
    buffers.markIncomplete();
    return buffers;
  }

  /** Notes that there may be others, which only another thread can count. */
  void markIncomplete() {
    complete = false;
  }

  /**
   * Counts {@code buffer}.
   *
   * @param ageNanos since its request ended; 0 if it has not, {@link #UNKNOWN} if not known
   */
  void add(ArenaByteBuf buffer, long ageNanos) {
    count++;
    if (isOlder(buffer, ageNanos)) {
      oldestRequest = buffer.request();
      oldestBytes = buffer.capacity();
      oldestAgeNanos = ageNanos;
    }
  }

  /** Orders by age, then by request, then by capacity: the older, earlier, larger buffer counts. */
  private boolean isOlder(ArenaByteBuf buffer, long ageNanos) {
    if (oldestRequest == UNKNOWN || ageNanos != oldestAgeNanos) {
      return oldestRequest == UNKNOWN || ageNanos > oldestAgeNanos;
    }
    return buffer.request() == oldestRequest
        ? buffer.capacity() > oldestBytes
        : buffer.request() < oldestRequest;
  }

  int count() {
    return complete ? count : UNKNOWN;
  }

  int oldestRequest() {
    return oldestRequest;
  }

  int oldestBytes() {
    return oldestBytes;
  }

  long oldestAgeNanos() {
    return oldestAgeNanos;
  }

  @Override
  public String toString() {
    String live = "live buffers: " + (complete ? count : "at least " + count);
    if (oldestRequest == UNKNOWN) {
      return live;
    }
    return "%s, the oldest: %d bytes of request %d%s"
        .formatted(live, oldestBytes, oldestRequest, age());
  }

  private String age() {
    if (oldestAgeNanos < 0) {
      return "";
    }
    return oldestAgeNanos == 0
        ? ", which goes on"
        : ", which ended %.3f s ago".formatted(oldestAgeNanos / 1e9);
  }
}
