package dev.tidepool.allocator.threads;

import dev.tidepool.allocator.budget.GlobalBudget;
import dev.tidepool.allocator.budget.LoopCredit;
import dev.tidepool.allocator.memory.ArenaHost;
import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.memory.MemoryOptions;
import dev.tidepool.allocator.memory.Upstream;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pools of one allocator: one for each event-loop thread, made when the thread first needs it
 * and closed when the thread ends, and a few lanes, guarded by locks, for all other threads.
 * Thread-safe.
 *
 * @param <L> the arenas of an event loop
 */
public final class PoolsByThread<L extends ThreadArenas> {
  private final MemoryOptions memory;
  private final long trimNanos;
  private final Upstream upstream;
  private final @Nullable GlobalBudget global;
  private final LoopFactory<L> factory;
  private final Set<L> open = ConcurrentHashMap.newKeySet();
  private final Lanes lanes;
  private final Reclaiming reclaiming = new Reclaiming(this::forEach);

  /** Null while the thread removes its thread-locals: a pool opened then would stay open. */
  private final FastThreadLocal<@Nullable L> ofThread =
      new FastThreadLocal<>() {
        @Override
        protected void onRemoval(@Nullable L arenas) {
          if (arenas != null) {
            set(null);
            open.remove(arenas);
            arenas.end();
          }
        }
      };

  /** The maker of an event loop's arenas. */
  public interface LoopFactory<L> {
    L make(BlockPool pool, EventExecutor executor, LoopCredit credit);
  }

  /**
   * @param trimNanos the trim interval; 0: never
   * @param host of the lanes' arenas
   */
  public PoolsByThread(
      MemoryOptions memory,
      long trimNanos,
      Upstream upstream,
      @Nullable GlobalBudget global,
      ArenaHost host,
      LoopFactory<L> factory) {
    this.memory = memory;
    this.trimNanos = trimNanos;
    this.upstream = upstream;
    this.global = global;
    this.factory = factory;
    this.lanes = new Lanes(stripe -> newLane(stripe, host));
    upstream.lastResort(reclaiming);
  }

  private Lane newLane(int stripe, ArenaHost host) {
    TrimClock clock = new TrimClock(ClockThread.EXECUTOR, trimNanos);
    BlockPool pool = new BlockPool(memory, upstream, clock, null, reclaiming.newLaneLock());
    return new Lane(stripe, pool, host);
  }

  // Event loops

  /** The calling thread's arenas; null if it is not an event loop's thread. */
  public @Nullable L ofCurrentThread() {
    if (!NettyThreads.hasFastThreadLocals()) {
      return null;
    }
    L arenas = ofThread.getIfExists();
    return arenas != null ? arenas : openForCurrentThread();
  }

  /**
   * Opens a pool for a thread that removes its thread-locals and has an executor to trim on; else
   * returns null. (Netty has no public way to ask which executor runs the calling thread.)
   */
  private @Nullable L openForCurrentThread() {
    EventExecutor executor = ThreadExecutorMap.currentExecutor();
    if (executor == null
        || isShuttingDown(executor)
        || ofThread.isSet()
        || !NettyThreads.removesFastThreadLocals()) {
      return null;
    }
    return open(executor);
  }

  private static boolean isShuttingDown(EventExecutor executor) {
    try {
      return executor.isShuttingDown();
    } catch (UnsupportedOperationException e) {
      return false; // unknown; the pool closes all the same when the thread ends
    }
  }

  private L open(EventExecutor executor) {
    LoopCredit credit = global == null ? LoopCredit.NONE : global.newCredit();
    TrimClock clock = new TrimClock(executor, trimNanos);
    BlockPool pool = new BlockPool(memory, upstream, clock, Thread.currentThread());
    L arenas = factory.make(pool, executor, credit);
    clock.trimToo(arenas);
    ofThread.set(arenas);
    open.add(arenas);
    return arenas;
  }

  /** The loop that {@code pool} belongs to, for its owner; null if the lock guards it. */
  public @Nullable L loopOf(BlockPool pool) {
    return pool.ownership().isByLock() ? null : ofThread.getIfExists();
  }

  /** The credit of the loop that {@code pool} belongs to, for its owner; a lane has none. */
  public LoopCredit creditAt(BlockPool pool) {
    L loop = loopOf(pool);
    return loop != null ? loop.credit() : LoopCredit.NONE;
  }

  /** The lanes, which serve all other threads. */
  public Lanes lanes() {
    return lanes;
  }

  // All pools

  /** The requests to pools to give back blocks without living buffers. */
  public Reclaiming reclaiming() {
    return reclaiming;
  }

  /** Gives every idle block back: this thread's and the lanes' now, other loops' by a task. */
  public void trim() {
    forEach(PoolsByThread::trim);
  }

  private static void trim(ThreadArenas arenas) {
    EventExecutor executor = arenas.executor();
    if (arenas.ownership().run(arenas::trimAll) || executor == null) {
      return;
    }
    try {
      executor.execute(() -> arenas.ownership().run(arenas::trimAll));
    } catch (RejectedExecutionException | UnsupportedOperationException e) {
      return; // the loop has ended; its pool closes and returns all idle memory
    }
  }

  /** Calls {@code action} for every event loop's arenas and every lane. */
  public void forEach(Consumer<ThreadArenas> action) {
    open.forEach(action);
    lanes.forEach(action);
  }

  public void forEachPool(Consumer<BlockPool> action) {
    forEach(arenas -> action.accept(arenas.pool()));
  }
}
