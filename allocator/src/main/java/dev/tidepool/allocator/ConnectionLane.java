package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.ArenaHost;
import dev.tidepool.allocator.memory.MemoryKind;
import dev.tidepool.allocator.threads.Lane;
import dev.tidepool.allocator.threads.Reclaiming;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * One connection's arenas in one lane, whose lock guards them. Closing it unlocks the lane, so that
 * a {@code try} statement holds it.
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

  /** For the holder of the lane. */
  ArenaByteBuf allocateOwned(MemoryKind kind, int length, int maxCapacity, int request) {
    Arena arena = kind == MemoryKind.DIRECT ? direct : heap;
    arena.beginRequest(request); // here: a reset need not lock every lane twice
    return arena.allocateOwned(length, maxCapacity);
  }

  /** The sum of what {@code figure} answers as the lane's holder. */
  long sumOwned(ToLongFunction<Arena> figure, Reclaiming reclaiming) {
    reclaiming.lockServing(lane);
    try (ConnectionLane held = this) {
      return figure.applyAsLong(held.direct) + figure.applyAsLong(held.heap);
    }
  }

  void forEachArena(Consumer<Arena> action) {
    action.accept(direct);
    action.accept(heap);
  }
}
