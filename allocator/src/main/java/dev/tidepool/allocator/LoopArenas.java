package dev.tidepool.allocator;

import dev.tidepool.allocator.budget.LoopCredit;
import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaHost;
import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.memory.MemoryKind;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/** What one event-loop thread, or one lane of other threads, has of an allocator. */
final class LoopArenas {
  final BlockPool pool;
  final Arena direct;
  final Arena heap;
  final IdleArenas idle = new IdleArenas();

  /** The event loop, or null for a lane. */
  final @Nullable EventExecutor executor;

  final LoopCredit credit;

  LoopArenas(BlockPool pool, ArenaHost host, @Nullable EventExecutor executor, LoopCredit credit) {
    this.pool = pool;
    this.direct = new Arena(pool, MemoryKind.DIRECT, host);
    this.heap = new Arena(pool, MemoryKind.HEAP, host);
    this.executor = executor;
    this.credit = credit;
  }

  Arena arena(MemoryKind kind) {
    return kind == MemoryKind.DIRECT ? direct : heap;
  }

  /** Arenas to serve {@code taker}. Event loop only. */
  ConnectionArenas take(ArenaRouter taker) {
    ConnectionArenas kept = idle.pop();
    ConnectionArenas taken = kept != null ? kept : new ConnectionArenas(this);
    taken.take(taker);
    return taken;
  }

  /** The owner thread ends. */
  void close() {
    idle.end();
    pool.close();
    credit.end(); // the pool, which has no thread any more, has none
  }

  /**
   * The clock has trimmed the pool: what that gave back may be credit now.
   *
   * @param goesOn whether it comes back for what is idle still
   */
  void trimTick(boolean goesOn) {
    credit.giveBack();
    if (goesOn) {
      idle.trim();
    } else {
      idle.clear();
    }
  }

  /** Returns all that is idle. With the pool in hand. */
  void trimAll() {
    pool.trimAll();
    idle.clear();
  }
}
