package dev.tidepool.allocator;

import dev.tidepool.allocator.budget.LoopCredit;
import dev.tidepool.allocator.memory.ArenaHost;
import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.threads.ThreadArenas;
import io.netty.util.concurrent.EventExecutor;

/** The arenas of one event loop: for memory of no connection, and idle ones for connections. */
final class LoopArenas extends ThreadArenas {
  final IdleArenas idle = new IdleArenas();

  /** To be called by the event loop's thread, whose name it takes. */
  LoopArenas(BlockPool pool, ArenaHost host, EventExecutor executor, LoopCredit credit) {
    super(Thread.currentThread().getName(), pool, host, executor, credit);
  }

  /** Takes idle arenas, or new ones, to serve {@code taker}. Event loop only. */
  ConnectionArenas take(ArenaRouter taker) {
    ConnectionArenas kept = idle.pop();
    ConnectionArenas taken = kept != null ? kept : new ConnectionArenas(this);
    taken.take(taker);
    return taken;
  }

  @Override
  protected void trimTick(boolean goesOn) {
    super.trimTick(goesOn);
    if (goesOn) {
      idle.trim();
    } else {
      idle.clear();
    }
  }

  @Override
  public void trimAll() {
    super.trimAll();
    idle.clear();
  }

  @Override
  protected void end() {
    idle.end();
    super.end();
  }
}
