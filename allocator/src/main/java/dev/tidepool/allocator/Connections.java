package dev.tidepool.allocator;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * The connection arenas of an allocator: the open ones, and closed ones in which something is
 * alive. Thread-safe.
 *
 * <p>A closed arena is reachable from the living buffers in it, so a weak reference is enough here:
 * it is listed until a walk finds it empty, or the garbage collector finds it unreachable.
 */
final class Connections {
  private final Set<ConnectionArena> open = ConcurrentHashMap.newKeySet();
  private final Set<Closing> closing = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<ConnectionArena> unreachable = new ReferenceQueue<>();

  private final Count requests = new Count();
  private final Count resets = new Count();

  /**
   * A count of something in all arenas that there ever were. An arena that is about to close counts
   * in neither part for a moment, so what is told is the most that was summed up to now.
   */
  static final class Count {
    private final LongAdder closed = new LongAdder();
    private final AtomicLong told = new AtomicLong();

    /** The part of the arenas that are closed. */
    long ofClosed() {
      return closed.sum();
    }

    /** The count, if the sum is {@code now}. */
    long atLeast(long now) {
      return told.accumulateAndGet(now, Math::max);
    }
  }

  private static final class Closing extends WeakReference<ConnectionArena> {
    Closing(ConnectionArena arena, ReferenceQueue<ConnectionArena> queue) {
      super(arena, queue);
    }
  }

  void opened(ConnectionArena arena) {
    open.add(arena);
  }

  /** Called once for each arena, when its figures are final but for what is alive in it. */
  void closed(ConnectionArena arena) {
    open.remove(arena);
    requests.closed.add(arena.requests());
    resets.closed.add(arena.resets());
    if (arena.heldBlocks() > 0) {
      closing.add(new Closing(arena, unreachable));
    }
  }

  /** Forgets the closed arenas that the garbage collector found. May wait for it for a moment. */
  void forgetUnreachable() {
    for (var found = unreachable.poll(); found != null; found = unreachable.poll()) {
      closing.remove(found);
    }
  }

  /** The open arenas, as they come and go. */
  Set<ConnectionArena> open() {
    return open;
  }

  /**
   * Calls {@code action} for each arena once: one that closes meanwhile may be missed, as it is no
   * longer open and not listed as closed yet.
   */
  void forEach(Consumer<ConnectionArena> action) {
    forEachClosing(action);
    for (ConnectionArena arena : open) {
      if (!arena.isClosed()) {
        action.accept(arena);
      }
    }
  }

  private void forEachClosing(Consumer<ConnectionArena> action) {
    closing.removeIf(
        each -> {
          ConnectionArena arena = each.get();
          if (arena == null || arena.heldBlocks() == 0) {
            return true;
          }
          action.accept(arena);
          return false;
        });
  }

  /** The number of closed arenas listed, of which some may be empty by now. */
  int closing() {
    return closing.size();
  }

  Count requests() {
    return requests;
  }

  Count resets() {
    return resets;
  }

  /** The number of requests that ended. */
  long sumOfRequests() {
    return sum(requests, ConnectionArena::requests);
  }

  /** The number of resets. */
  long sumOfResets() {
    return sum(resets, ConnectionArena::resets);
  }

  private long sum(Count count, ToLongFunction<ConnectionArena> figure) {
    long sum = count.ofClosed();
    for (ConnectionArena arena : open) {
      sum += arena.isClosed() ? 0 : figure.applyAsLong(arena);
    }
    return count.atLeast(sum);
  }
}
