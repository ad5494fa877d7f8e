package dev.tidepool.allocator;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The latest events of a recording. One thread at a time writes, under the recorder's lock; any
 * number read, and none of them waits: an event is immutable, and knows its number.
 *
 * <pre>
 *   events[n % length] is event n, for n in (last - length, last]; during an add also for last + 1
 *   dropped == the events replaced with a number above the highest that a reader had asked for
 * </pre>
 */
final class EventRing {
  private final AtomicReferenceArray<@Nullable ArenaEvent> events;
  private final Object readers = new Object();
  private volatile long last;
  private volatile long dropped;

  /** The highest number that a reader was given, or found replaced. */
  private volatile long read;

  EventRing(int capacity) {
    this.events = new AtomicReferenceArray<>(capacity);
  }

  /** The number of the latest event; 0 if there is none. */
  long last() {
    return last;
  }

  /**
   * Adds the event with the next number. Reads {@code read} before it replaces an event: a reader
   * that had asked for that one by then has got it.
   */
  void add(ArenaEvent event) {
    long readBefore = read;
    ArenaEvent replaced = events.getAndSet(at(event.sequence()), event);
    long droppedBefore = dropped;
    if (replaced != null && replaced.sequence() > readBefore) {
      dropped = droppedBefore + 1;
    }
    last = event.sequence();
  }

  private int at(long sequence) {
    return (int) (sequence % events.length());
  }

  /** The events still here with a number above {@code sequence}, in order. */
  List<ArenaEvent> since(long sequence) {
    long to = last;
    List<ArenaEvent> found = new ArrayList<>();
    for (long next = Math.max(Math.min(sequence, to), to - events.length()) + 1;
        next <= to;
        next++) {
      ArenaEvent event = events.get(at(next));
      if (event != null && event.sequence() == next) { // else a later one has replaced it
        found.add(event);
      }
    }
    noteRead(to);
    return found;
  }

  private void noteRead(long to) {
    synchronized (readers) {
      read = Math.max(read, to);
    }
  }

  long dropped() {
    return dropped;
  }
}
