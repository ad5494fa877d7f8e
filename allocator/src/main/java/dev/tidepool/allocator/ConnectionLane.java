package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.ArenaHost;
import dev.tidepool.allocator.memory.MemoryKind;
import dev.tidepool.allocator.threads.Lane;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * One connection's arenas in one lane, guarded by the lane's lock. {@link #close} unlocks the lane,
 * for use in a {@code try} statement.
 */
final class ConnectionLane implements AutoCloseable {
  private final Lane lane;
  private final Arena direct;
  private final Arena heap;

  ConnectionLane(Lane lane, ArenaHost host) {
    this.lane = lane;
    this.direct = new Arena(lane.pool(), MemoryKind.DIRECT, host);
    this.heap = new Arena(lane.pool(), MemoryKind.HEAP, host);
  }

  Lane lane() {
    return lane;
  }

  /** Unlocks the lane. */
  @Override
  public void close() {
    lane.close();
  }

  /** Allocates from the lane, which the caller holds, for {@code connection}. */
  ArenaByteBuf allocateOwned(MemoryKind kind, int length, int maxCapacity, ArenaRouter connection) {
    Arena arena = kind == MemoryKind.DIRECT ? direct : heap;
    // Here, so that a reset need not lock every lane twice:
    arena.beginRequest(connection.request());
    arena.recordIn(connection.extras().recorder());
    return arena.allocateOwned(length, maxCapacity);
  }

  /**
   * The sum of {@code figure}, which may end a request, over both arenas, called under the lane's
   * lock.
   */
  long sumOfCalls(ToLongFunction<Arena> figure) {
    lane.lock();
    try (ConnectionLane held = this) {
      return figure.applyAsLong(held.direct) + figure.applyAsLong(held.heap);
    }
  }

  void forEachArena(Consumer<Arena> action) {
    action.accept(direct);
    action.accept(heap);
  }
}
