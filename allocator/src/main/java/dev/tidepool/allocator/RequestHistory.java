package dev.tidepool.allocator;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * The times at which requests with survivors ended. Event loop only.
 *
 * <p>{@code requests} is ascending; entry i ended at {@code endedNanos[i]}.
 */
final class RequestHistory {
  private static final int FIRST_ENTRIES = 4;
  private static final RequestHistory NONE = new RequestHistory(0);

  private int[] requests;
  private long[] endedNanos;
  private int size;

  private RequestHistory(int entries) {
    requests = new int[entries];
    endedNanos = new long[entries];
  }

  /** The shared history without entries; {@link #ended} returns another. */
  static RequestHistory none() {
    return NONE;
  }

  /**
   * Notes that {@code request} ended at {@code nanos}. When the arrays are full, gets {@code
   * leftSomething} once, and drops the requests that it rejects.
   *
   * @return the history to use from now on
   */
  RequestHistory ended(int request, long nanos, Supplier<IntPredicate> leftSomething) {
    RequestHistory times = this == NONE ? new RequestHistory(FIRST_ENTRIES) : this;
    times.makeRoom(leftSomething);
    times.requests[times.size] = request;
    times.endedNanos[times.size++] = nanos;
    return times;
  }

  private void makeRoom(Supplier<IntPredicate> leftSomething) {
    if (size < requests.length) {
      return;
    }
    forget(leftSomething.get());
    if (size > requests.length / 2) {
      requests = Arrays.copyOf(requests, requests.length * 2);
      endedNanos = Arrays.copyOf(endedNanos, endedNanos.length * 2);
    }
  }

  private void forget(IntPredicate leftSomething) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (leftSomething.test(requests[i])) {
        requests[kept] = requests[i];
        endedNanos[kept++] = endedNanos[i];
      }
    }
    size = kept;
  }

  /** Nanoseconds from the end of {@code request} to {@code nanos}; 0 if it has not ended. */
  long ageNanos(int request, long nanos) {
    int i = Arrays.binarySearch(requests, 0, size, request);
    return i < 0 ? 0 : nanos - endedNanos[i];
  }
}
