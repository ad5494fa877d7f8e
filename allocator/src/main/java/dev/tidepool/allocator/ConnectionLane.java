package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.ArenaHost;
import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.memory.MemoryKind;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** One connection's arenas in one lane. The lane's lock guards them. */
final class ConnectionLane {
  private final ReentrantLock lock;
  private final Arena direct;
  private final Arena heap;

  ConnectionLane(BlockPool pool, ArenaHost host) {
    this.lock = pool.lock();
    this.direct = new Arena(pool, MemoryKind.DIRECT, host);
    this.heap = new Arena(pool, MemoryKind.HEAP, host);
  }

  ReentrantLock lock() {
    return lock;
  }

  /** With the lock in hand. */
  ArenaByteBuf allocateOwned(MemoryKind kind, int length, int maxCapacity, int request) {
    Arena arena = kind == MemoryKind.DIRECT ? direct : heap;
    arena.beginRequest(request); // here: a reset need not lock every lane twice
    return arena.allocateOwned(length, maxCapacity);
  }

  long endRequest(ToLongFunction<Arena> end, Loops loops) {
    loops.lockServing(lock);
    try {
      return end.applyAsLong(direct) + end.applyAsLong(heap);
    } finally {
      lock.unlock();
    }
  }

  void forEachArena(Consumer<Arena> action) {
    action.accept(direct);
    action.accept(heap);
  }
}
