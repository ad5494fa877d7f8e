package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.ArenaHost;
import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.memory.MemoryKind;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** One connection's arenas in a lane: for the threads that are not its event loop. Lock-guarded. */
final class ConnectionLane {
  private final BlockPool pool;
  private final Arena direct;
  private final Arena heap;
  private boolean closed;

  ConnectionLane(BlockPool pool, ArenaHost host, boolean closed) {
    this.pool = pool;
    this.direct = new Arena(pool, MemoryKind.DIRECT, host);
    this.heap = new Arena(pool, MemoryKind.HEAP, host);
    this.closed = closed;
  }

  /** A buffer, or null if the connection is closed. */
  @Nullable ArenaByteBuf allocate(MemoryKind kind, int length, int maxCapacity) {
    ArenaByteBuf[] buffer = new ArenaByteBuf[1];
    pool.runOwned(
        () -> {
          if (!closed) {
            buffer[0] =
                (kind == MemoryKind.DIRECT ? direct : heap).allocateOwned(length, maxCapacity);
          }
        });
    return buffer[0];
  }

  long endRequest(ToLongFunction<Arena> end) {
    long[] bytes = new long[1];
    pool.runOwned(
        () -> {
          bytes[0] = end.applyAsLong(direct) + end.applyAsLong(heap);
          closed = direct.isClosed();
        });
    return bytes[0];
  }

  void beginRequest(int number) {
    pool.runOwned(
        () -> {
          direct.beginRequest(number);
          heap.beginRequest(number);
        });
  }

  void forEachArena(Consumer<Arena> action) {
    action.accept(direct);
    action.accept(heap);
  }
}
