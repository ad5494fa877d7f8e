package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a connection has only if it uses it: a parent or children, a budget, callbacks and holds,
 * buffers of other threads, buffers that outlive their requests. Made when the first of them comes.
 */
final class ConnectionExtras {
  /** Stands where there are none yet; is never written to. */
  static final ConnectionExtras NONE = new ConnectionExtras(null, null);

  final @Nullable ConnectionArena parent;
  final @Nullable ConnectionBudget budget;

  /** Made when the first callback or hold needs it, under the lock of the connection's arena. */
  volatile @Nullable RequestScope scope;

  /** Made under the same lock. */
  volatile @Nullable ConnectionLanes lanes;

  // Event loop only.
  private @Nullable Set<ConnectionArena> children;
  RequestHistory times = RequestHistory.none();

  /** Left behind because the event loop changed its thread; emptied by their last release. */
  private List<ConnectionArenas> retired = List.of();

  ConnectionExtras(@Nullable ConnectionArena parent, @Nullable ConnectionBudget budget) {
    this.parent = parent;
    this.budget = budget;
  }

  // Children

  void add(ConnectionArena child) {
    if (children == null) {
      children = new LinkedHashSet<>();
    }
    children.add(child);
  }

  void remove(ConnectionArena child) {
    if (children != null) {
      children.remove(child);
    }
  }

  /** The action may remove the child that it is given. */
  void forEachChild(Consumer<ConnectionArena> action) {
    if (children != null) {
      List.copyOf(children).forEach(action);
    }
  }

  // Arenas beside those that the event loop allocates from

  /** A new list, as always: other threads read the old one. */
  void retire(ConnectionArenas left) {
    retired = Stream.concat(retired.stream(), Stream.of(left)).toList();
  }

  boolean hasArenas() {
    return lanes != null || !retired.isEmpty();
  }

  void beginRequest(int number) {
    if (!retired.isEmpty()) { // without an iterator, which would be garbage
      retired.forEach(arenas -> arenas.beginRequest(number));
    }
  }

  /** The sum of what {@code figure} answers as their owner. */
  long sumOwned(ToLongFunction<Arena> figure) {
    long sum = sumOfRetired(figure);
    ConnectionLanes inUse = lanes;
    return inUse == null ? sum : sum + inUse.sumOwned(figure);
  }

  private long sumOfRetired(ToLongFunction<Arena> figure) {
    if (retired.isEmpty()) {
      return 0;
    }
    long sum = 0;
    for (ConnectionArenas arenas : retired) {
      sum += arenas.sumOwned(figure);
    }
    // Arenas that hold nothing stay so: their pool is closed.
    retired = retired.stream().filter(arenas -> arenas.heldBlocks() > 0).toList();
    return sum;
  }

  void forEachArena(Consumer<Arena> action) {
    retired.forEach(arenas -> arenas.forEachArena(action));
    ConnectionLanes inUse = lanes;
    if (inUse != null) {
      inUse.forEachArena(action);
    }
  }
}
