package dev.tidepool.echo.live;

import java.util.ArrayDeque;
import java.util.Deque;

/** A total that only grows, and by how much it grew lately. Not thread-safe. */
final class SlidingTotal {
  private record Mark(long nanos, long total) {}

  private final long windowNanos;

  /** The newest mark that is as old as the window, if there is one, and all that are newer. */
  private final Deque<Mark> marks = new ArrayDeque<>();

  SlidingTotal(long windowNanos) {
    this.windowNanos = windowNanos;
  }

  void record(long nanos, long total) {
    marks.addLast(new Mark(nanos, total));
    while (marks.size() > 2 && nanos - second().nanos >= windowNanos) {
      marks.removeFirst();
    }
  }

  private Mark second() {
    var each = marks.iterator();
    each.next();
    return each.next();
  }

  /** By how much it grew in the window. */
  long growth() {
    return marks.isEmpty() ? 0 : Math.max(0, marks.getLast().total - marks.getFirst().total);
  }

  /** By how much it grew in the window, for each second; 0 as long as there is but one mark. */
  double perSecond() {
    if (marks.size() < 2) {
      return 0;
    }
    long nanos = marks.getLast().nanos - marks.getFirst().nanos;
    return nanos <= 0 ? 0 : growth() * 1e9 / nanos;
  }
}
