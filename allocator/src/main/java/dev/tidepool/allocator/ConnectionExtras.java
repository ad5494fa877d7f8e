package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaRecorder;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state of a connection that only some connections need: a parent or children, a budget,
 * callbacks and holds, lanes for other threads, the history of requests with stragglers, the bytes
 * of recent requests. Made when first needed.
 */
final class ConnectionExtras {
  /** The shared extras of all connections without any; never written to. */
  static final ConnectionExtras NONE = new ConnectionExtras(null, null);

  final @Nullable ConnectionArena parent;
  final @Nullable ConnectionBudget budget;

  /** Made at the first callback or hold, under the lock of the connection's arena. */
  volatile @Nullable RequestScope scope;

  /** Made at another thread's first allocation, under the lock of the connection's arena. */
  volatile @Nullable ConnectionLanes lanes;

  /** The latest recording of events; under the lock of this object. */
  volatile @Nullable EventRecording recording;

  /** Made when the connection is first watched, under this lock. */
  volatile @Nullable RecentRequests recent;

  // Event loop only.
  private @Nullable Set<ConnectionArena> children;
  RequestHistory times = RequestHistory.none();

  /** Arenas left behind when the event loop changed its thread; their last releases empty them. */
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

  // Retired arenas and lanes

  /** Makes a new list, as other threads may be reading the old one. */
  void retire(ConnectionArenas left) {
    retired = Stream.concat(retired.stream(), Stream.of(left)).toList();
  }

  boolean hasArenas() {
    return lanes != null || !retired.isEmpty();
  }

  void beginRequest(int number) {
    if (!retired.isEmpty()) { // an iterator would be garbage
      retired.forEach(arenas -> arenas.beginRequest(number));
    }
  }

  /** The recorder of this connection's events; null if none are recorded. Any thread. */
  @Nullable ArenaRecorder recorder() {
    EventRecording latest = recording;
    return latest == null ? null : latest.recorderIfOn();
  }

  /** Ends request {@code number} in the arenas here; if events are recorded, says so first. */
  long endRequest(int number, ToLongFunction<Arena> end) {
    ArenaRecorder noting = recorder();
    if (noting != null) {
      noting.reset(number);
    }
    return sumOfCalls(end);
  }

  /** Closes the recording, if there is one. */
  void endRecording() {
    EventRecording latest = recording;
    if (latest != null) {
      latest.close();
    }
  }

  synchronized void makeRecent() {
    if (recent == null) {
      recent = new RecentRequests();
    }
  }

  /** Notes the bytes of a request that ended, if the connection is watched. */
  void noteRecent(long bytes) {
    RecentRequests watched = recent;
    if (watched != null) {
      watched.add(bytes);
    }
  }

  /**
   * The sum of {@code figure}, which may end a request, over the retired arenas and the lanes,
   * called as their owner.
   */
  private long sumOfCalls(ToLongFunction<Arena> figure) {
    long sum = sumOfRetired(figure);
    ConnectionLanes inUse = lanes;
    return inUse == null ? sum : sum + inUse.sumOfCalls(figure);
  }

  private long sumOfRetired(ToLongFunction<Arena> figure) {
    if (retired.isEmpty()) {
      return 0;
    }
    long sum = 0;
    for (ConnectionArenas arenas : retired) {
      sum += arenas.sumOfCalls(figure);
    }
    // Empty ones stay empty, as their pool is closed: they are dropped.
    retired = retired.stream().filter(arenas -> arenas.heldBlocks() > 0).toList();
    return sum;
  }

  /** The sum of {@code figure} over the retired arenas and the lanes. Any thread. */
  long sumOf(ToLongFunction<Arena> figure) {
    long[] sum = new long[1];
    forEachArena(arena -> sum[0] += figure.applyAsLong(arena));
    return sum[0];
  }

  void forEachArena(Consumer<Arena> action) {
    retired.forEach(arenas -> arenas.forEachArena(action));
    ConnectionLanes inUse = lanes;
    if (inUse != null) {
      inUse.forEachArena(action);
    }
  }
}
