package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.MemoryKind;
import dev.tidepool.allocator.threads.Lane;
import dev.tidepool.allocator.threads.Lanes;
import dev.tidepool.allocator.threads.PoolsByThread;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One connection's arenas for the threads that are not its event loop. All these threads use the
 * lane of the first of them, until one finds it locked, perhaps for another connection. That thread
 * gets arenas in the lane of its own stripe, or in the next free one. So a connection may hold
 * blocks in several lanes.
 *
 * <p>A connection with a budget has one lane only, and a thread that finds it locked waits:
 * otherwise a block could be refused in one lane while another lane, which the thread may not look
 * into, holds empty ones.
 *
 * <p>The constructor publishes the first lane; each other one is published under its lock; none is
 * removed.
 */
final class ConnectionLanes {
  private final Lanes shared;
  private final ArenaRouter connection;
  private final ConnectionHost host;
  private final AtomicReferenceArray<@Nullable ConnectionLane> lanes;
  private final ConnectionLane first;
  private final boolean mayBeSeveral;

  /** The most bytes of blocks seen in all lanes at once. Written under the lock of one of them. */
  private volatile long peakHeld;

  ConnectionLanes(PoolsByThread<LoopArenas> pools, ArenaRouter connection) {
    this.shared = pools.lanes();
    this.connection = connection;
    this.host = new Host(connection);
    this.mayBeSeveral = connection.budget() == null;
    this.lanes = new AtomicReferenceArray<>(shared.count());
    this.first = make(shared.at(shared.stripe()));
  }

  /** Allocates a buffer; returns null if the connection is closed. */
  @Nullable ArenaByteBuf allocate(MemoryKind kind, int length, int maxCapacity) {
    try (ConnectionLane lane = lock()) {
      return connection.isClosed()
          ? null
          : lane.allocateOwned(kind, length, maxCapacity, connection);
    }
  }

  /** Locks a lane, which the caller then holds. */
  private ConnectionLane lock() {
    ConnectionLane own = lanes.getAcquire(shared.stripe());
    ConnectionLane usual = own != null ? own : first;
    if (usual.lane().tryLock()) {
      return usual;
    }
    return mayBeSeveral ? lockAnother() : await(usual);
  }

  private static ConnectionLane await(ConnectionLane lane) {
    lane.lane().lock();
    return lane;
  }

  private ConnectionLane lockAnother() {
    Lane free = shared.lock();
    try {
      ConnectionLane lane = lanes.getAcquire(free.stripe());
      return lane != null ? lane : make(free);
    } catch (Throwable e) { // out of memory
      free.close();
      throw e;
    }
  }

  /**
   * Makes and publishes a lane. Dekker with the connection's close: close writes {@code closed},
   * then reads the lanes; this thread writes the lane, then reads {@code closed}. All four are
   * volatile, so one sees the other.
   */
  private ConnectionLane make(Lane in) {
    ConnectionLane lane = new ConnectionLane(in, host);
    lanes.set(in.stripe(), lane);
    return lane;
  }

  /**
   * The sum of {@code figure}, which may end a request, over all lanes, each called under its lock.
   */
  long sumOfCalls(ToLongFunction<Arena> figure) {
    long sum = 0;
    for (int i = 0; i < lanes.length(); i++) {
      ConnectionLane lane = lanes.get(i);
      sum += lane == null ? 0 : lane.sumOfCalls(figure);
    }
    return sum;
  }

  /** The most bytes of blocks held at once, as far as the lanes saw. Any thread. */
  long peakHeld() {
    return peakHeld;
  }

  private void notePeakHeld() {
    long[] held = new long[1];
    forEachArena(arena -> held[0] += arena.heldBytes());
    if (held[0] > peakHeld) {
      peakHeld = held[0];
    }
  }

  private final class Host extends ConnectionHost {
    Host(ArenaRouter connection) {
      super(connection);
    }

    @Override
    public void leased() {
      notePeakHeld();
    }
  }

  void forEachArena(Consumer<Arena> action) {
    for (int i = 0; i < lanes.length(); i++) {
      ConnectionLane lane = lanes.get(i);
      if (lane != null) {
        lane.forEachArena(action);
      }
    }
  }
}
