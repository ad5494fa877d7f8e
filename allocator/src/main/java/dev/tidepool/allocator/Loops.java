package dev.tidepool.allocator;

import dev.tidepool.allocator.budget.GlobalBudget;
import dev.tidepool.allocator.budget.LoopCredit;
import dev.tidepool.allocator.memory.ArenaHost;
import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.memory.MemoryOptions;
import dev.tidepool.allocator.memory.Upstream;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One block pool for each event-loop thread, made when the thread first needs it and closed when
 * the thread ends; and a few lanes, guarded by locks, for all other threads.
 */
final class Loops implements Upstream.LastResort {
  /**
   * How long an allocation waits for the other event loops to trim before an OutOfMemoryError; they
   * answer between two tasks, so it takes so long only if one of them is blocked.
   */
  private static final long WAIT_BEFORE_OUT_OF_MEMORY = TimeUnit.MILLISECONDS.toNanos(500);

  /** The same before a budget refuses what other event loops are about to give back. */
  private static final long WAIT_BEFORE_REFUSAL = TimeUnit.MILLISECONDS.toNanos(100);

  private final Options options;
  private final MemoryOptions memory;
  private final Upstream upstream;
  private final ArenaHost host;
  private final @Nullable GlobalBudget global;
  private final Set<LoopArenas> open = ConcurrentHashMap.newKeySet();
  private final LoopArenas[] lanes;
  private final LoopRequests requests = new LoopRequests();

  /** Null while the thread removes its thread-locals; nobody would close what it opened then. */
  private final FastThreadLocal<@Nullable LoopArenas> ofThread =
      new FastThreadLocal<>() {
        @Override
        protected void onRemoval(@Nullable LoopArenas arenas) {
          if (arenas != null) {
            set(null);
            open.remove(arenas);
            arenas.close();
          }
        }
      };

  Loops(Options options, Upstream upstream, ArenaHost host, @Nullable GlobalBudget global) {
    this.options = options;
    this.memory = options.memory();
    this.upstream = upstream;
    this.host = host;
    this.global = global;
    upstream.lastResort(this);
    this.lanes =
        new LoopArenas[Integer.highestOneBit(2 * Runtime.getRuntime().availableProcessors())];
    for (int i = 0; i < lanes.length; i++) {
      TrimClock clock = new TrimClock(TrimClock.daemon(), options.trimInterval().toNanos());
      BlockPool pool = new BlockPool(memory, upstream, clock, null);
      lanes[i] = new LoopArenas(pool, host, null, LoopCredit.NONE);
    }
  }

  /** The calling thread's own, or null if it is not an event loop's. */
  @Nullable LoopArenas ofCurrentThread() {
    if (!NettyThreads.hasFastThreadLocals()) {
      return null;
    }
    LoopArenas arenas = ofThread.getIfExists();
    return arenas != null ? arenas : openForCurrentThread();
  }

  /**
   * Only a thread that cleans up after itself and has an executor to trim on gets a pool of its
   * own. (Netty has no public way to ask which executor runs the calling thread.)
   */
  private @Nullable LoopArenas openForCurrentThread() {
    EventExecutor executor = ThreadExecutorMap.currentExecutor();
    if (executor == null
        || isShuttingDown(executor)
        || ofThread.isSet()
        || !NettyThreads.removesFastThreadLocals()) {
      return null;
    }
    LoopCredit credit = global == null ? LoopCredit.NONE : global.newCredit();
    TrimClock clock = new TrimClock(executor, options.trimInterval().toNanos());
    BlockPool pool = new BlockPool(memory, upstream, clock, Thread.currentThread());
    LoopArenas arenas = new LoopArenas(pool, host, executor, credit);
    clock.trimToo(arenas);
    ofThread.set(arenas);
    open.add(arenas);
    return arenas;
  }

  private static boolean isShuttingDown(EventExecutor executor) {
    try {
      return executor.isShuttingDown();
    } catch (UnsupportedOperationException e) {
      return false; // it cannot say; when its thread ends, the pool closes all the same
    }
  }

  /** The loop that {@code pool} belongs to, for its owner; null if the lock guards it. */
  @Nullable LoopArenas loopOf(BlockPool pool) {
    return pool.isOwnedByLock() ? null : ofThread.getIfExists(); // this is the pool's thread
  }

  /** Its credit; what the lock guards has none. */
  LoopCredit creditAt(BlockPool pool) {
    LoopArenas loop = loopOf(pool);
    return loop != null ? loop.credit : LoopCredit.NONE;
  }

  int laneCount() {
    return lanes.length;
  }

  LoopArenas lane(int stripe) {
    return lanes[stripe];
  }

  /** The calling thread's: another one than that of the thread started before it, or after. */
  int stripe() {
    return (int) Thread.currentThread().getId() & (lanes.length - 1);
  }

  /**
   * Locks the first lane that is free, from the calling thread's stripe on; if none is, waits for
   * the one of its stripe. A thread that has a lane in hand finds that one free to it, so it never
   * waits here with another in hand.
   *
   * @return the lane's stripe
   */
  int lockLane() {
    int stripe = stripe();
    int end = stripe + lanes.length;
    for (int i = stripe; i < end; i++) {
      int each = i & (lanes.length - 1);
      if (lanes[each].pool.lock().tryLock()) {
        return each;
      }
    }
    lanes[stripe].pool.lock().lock();
    return stripe;
  }

  /** Gives every idle block back: here and in the lanes now, on other loops by a task. */
  void trim() {
    forEach(Loops::trim);
  }

  private static void trim(LoopArenas arenas) {
    if (arenas.pool.runOwned(arenas::trimAll) || arenas.executor == null) {
      return;
    }
    try {
      arenas.executor.execute(() -> arenas.pool.runOwned(arenas::trimAll));
    } catch (RejectedExecutionException | UnsupportedOperationException e) {
      return; // the loop ended; its pool closes, which returns all that is idle
    }
  }

  // What others hold for nothing

  /** Here and in the lanes that are free now, on other loops by a task that is waited for. */
  @Override
  public void trimOthers(BlockPool asking) {
    everywhere(loop -> loop.pool != asking, BlockPool::trimAll, WAIT_BEFORE_OUT_OF_MEMORY);
  }

  /** Has every pool give back, soon, what it holds with nothing alive in it. */
  void makeRoomSoon() {
    forEachPool(BlockPool::makeRoomSoon);
  }

  /**
   * The global budget is about to refuse a block: what others hold for nothing is no reason to.
   * Under pressure they give that back by themselves, so only those are waited for that are about
   * to; else all are.
   *
   * @return true
   */
  boolean makeRoom(GlobalBudget budget) {
    if (budget.isPressureKnown()) {
      everywhere(loop -> loop.pool.isAboutToGiveBack(), BlockPool::catchUp, WAIT_BEFORE_REFUSAL);
    } else {
      everywhere(loop -> true, BlockPool::makeRoom, WAIT_BEFORE_REFUSAL);
    }
    return true;
  }

  /**
   * A connection's own budget is about to refuse a block to another thread than its event loop: the
   * same.
   *
   * @return true
   */
  boolean makeRoomOn(EventExecutor executor) {
    everywhere(
        loop -> loop.executor == executor && !loop.pool.isOwned(),
        BlockPool::makeRoom,
        WAIT_BEFORE_REFUSAL);
    return true;
  }

  /** See {@link LoopRequests#lockServing}. */
  void lockServing(ReentrantLock lane) {
    requests.lockServing(lane);
  }

  private void everywhere(Predicate<LoopArenas> which, Consumer<BlockPool> action, long waitNanos) {
    List<LoopArenas> others = new ArrayList<>();
    forEach(
        loop -> {
          if (which.test(loop)
              && !loop.pool.tryOwned(() -> action.accept(loop.pool))
              && loop.executor != null) { // else a lane that another thread is in
            others.add(loop);
          }
        });
    if (!others.isEmpty()) {
      requests.askAndWait(others, action, waitNanos);
    }
  }

  /** Every event loop's arenas, and the lanes'. */
  void forEach(Consumer<LoopArenas> action) {
    open.forEach(action);
    for (LoopArenas lane : lanes) {
      action.accept(lane);
    }
  }

  void forEachPool(Consumer<BlockPool> action) {
    forEach(arenas -> action.accept(arenas.pool));
  }
}
