package dev.tidepool.allocator.threads;

import dev.tidepool.allocator.budget.LoopCredit;
import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaHost;
import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.memory.MemoryKind;
import dev.tidepool.allocator.memory.Ownership;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * A pool, and the arenas that serve its owner with memory of no connection: of an event loop, or in
 * a {@link Lane}.
 */
public abstract class ThreadArenas {
  private final String name;
  private final BlockPool pool;
  private final Arena direct;
  private final Arena heap;
  private final @Nullable EventExecutor executor;
  private final LoopCredit credit;

  /**
   * @param name the event loop's thread, or the lane
   * @param executor the event loop, or null for a lane
   * @param credit the event loop's credit with the global budget
   */
  protected ThreadArenas(
      String name,
      BlockPool pool,
      ArenaHost host,
      @Nullable EventExecutor executor,
      LoopCredit credit) {
    this.name = name;
    this.pool = pool;
    this.direct = new Arena(pool, MemoryKind.DIRECT, host);
    this.heap = new Arena(pool, MemoryKind.HEAP, host);
    this.executor = executor;
    this.credit = credit;
  }

  /** What snapshots call it. */
  public final String name() {
    return name;
  }

  public final BlockPool pool() {
    return pool;
  }

  public final Ownership ownership() {
    return pool.ownership();
  }

  public final Arena arena(MemoryKind kind) {
    return kind == MemoryKind.DIRECT ? direct : heap;
  }

  /** The event loop, or null for a lane. */
  public final @Nullable EventExecutor executor() {
    return executor;
  }

  public final LoopCredit credit() {
    return credit;
  }

  /**
   * Called when the clock has trimmed the pool. Returns unused credit. Owner only.
   *
   * @param goesOn whether the clock goes on, because the pool has more to trim
   */
  protected void trimTick(boolean goesOn) {
    credit.giveBack();
  }

  /** Returns all idle memory upstream. Owner only. */
  public void trimAll() {
    pool.trimAll();
  }

  /** Closes the pool when the event loop's thread ends. Owner only. */
  protected void end() {
    pool.close();
    credit.end(); // a pool without a thread has none
  }
}
