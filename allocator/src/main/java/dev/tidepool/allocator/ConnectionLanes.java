package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.MemoryKind;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One connection's arenas for the threads that are not its event loop. All use the lane of the
 * first of them, until one finds it taken, be it by another connection: that thread gets one in the
 * lane of its own stripe, or in the next that is free. So a connection may hold blocks in several.
 *
 * <p>With a budget it has but one, and who finds that taken waits: else a thread would be refused a
 * block in another lane while there is room in one that it cannot look into.
 *
 * <p>A lane is put in its place under its lock, the first before anybody sees it; none leaves it.
 */
final class ConnectionLanes {
  private final Loops loops;
  private final ArenaRouter connection;
  private final ConnectionHost host;
  private final AtomicReferenceArray<@Nullable ConnectionLane> lanes;
  private final ConnectionLane first;
  private final boolean mayBeSeveral;

  ConnectionLanes(Loops loops, ArenaRouter connection) {
    this.loops = loops;
    this.connection = connection;
    this.host = new ConnectionHost(connection);
    this.mayBeSeveral = connection.budget() == null;
    this.lanes = new AtomicReferenceArray<>(loops.laneCount());
    this.first = make(loops.stripe());
  }

  /** A buffer, or null if the connection is closed. */
  @Nullable ArenaByteBuf allocate(MemoryKind kind, int length, int maxCapacity) {
    ConnectionLane lane = lock();
    try {
      return connection.isClosed()
          ? null
          : lane.allocateOwned(kind, length, maxCapacity, connection.request());
    } finally {
      lane.lock().unlock();
    }
  }

  /** A lane whose lock is in hand. */
  private ConnectionLane lock() {
    ConnectionLane own = lanes.getAcquire(loops.stripe());
    ConnectionLane usual = own != null ? own : first;
    if (usual.lock().tryLock()) {
      return usual;
    }
    return mayBeSeveral ? lockAnother() : await(usual);
  }

  private static ConnectionLane await(ConnectionLane lane) {
    lane.lock().lock();
    return lane;
  }

  private ConnectionLane lockAnother() {
    int stripe = loops.lockLane();
    try {
      ConnectionLane lane = lanes.getAcquire(stripe);
      return lane != null ? lane : make(stripe);
    } catch (Throwable e) { // no memory for one
      loops.lane(stripe).pool.lock().unlock();
      throw e;
    }
  }

  /**
   * Who closes the connection says so, then ends the lanes that it sees; who makes a lane shows it,
   * then looks whether the connection is closed. All of that is volatile: one sees the other.
   */
  private ConnectionLane make(int stripe) {
    ConnectionLane lane = new ConnectionLane(loops.lane(stripe).pool, host);
    lanes.set(stripe, lane);
    return lane;
  }

  /** Ends the request in every lane; the bytes that it was handed out. */
  long endRequest(ToLongFunction<Arena> end) {
    long bytes = 0;
    for (int i = 0; i < lanes.length(); i++) {
      ConnectionLane lane = lanes.get(i);
      bytes += lane == null ? 0 : lane.endRequest(end, loops);
    }
    return bytes;
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
