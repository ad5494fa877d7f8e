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
 * One block pool for each event-loop thread, made when the thread first needs it and closed when
 * the thread ends; and a few lanes, guarded by locks, for all other threads. Thread-safe.
 *
 * @param <L> what an event loop has beside its pool
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

  /** Null while the thread removes its thread-locals: what it opened then would not be closed. */
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

  /** Makes what an event loop has beside its pool. */
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
    return new Lane(stripe, new BlockPool(memory, upstream, clock, null), host);
  }

  // Event loops

  /** The calling thread's own, or null if it is not an event loop's. */
  public @Nullable L ofCurrentThread() {
    if (!NettyThreads.hasFastThreadLocals()) {
      return null;
    }
    L arenas = ofThread.getIfExists();
    return arenas != null ? arenas : openForCurrentThread();
  }

  /**
   * Only a thread that cleans up after itself and has an executor to trim on gets a pool of its
   * own. (Netty has no public way to ask which executor runs the calling thread.)
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
      return false; // it cannot say; when its thread ends, the pool closes all the same
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

  /** For all other threads. */
  public Lanes lanes() {
    return lanes;
  }

  // All of them

  /** Has pools give back what they hold with nothing alive in it. */
  public Reclaiming reclaiming() {
    return reclaiming;
  }

  /** Gives every idle block back: here and in the lanes now, on other loops by a task. */
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
      return; // the loop ended; its pool closes, which returns all that is idle
    }
  }

  /** Every event loop's arenas, and the lanes'. */
  public void forEach(Consumer<ThreadArenas> action) {
    open.forEach(action);
    lanes.forEach(action);
  }

  public void forEachPool(Consumer<BlockPool> action) {
    forEach(arenas -> action.accept(arenas.pool()));
  }
}
