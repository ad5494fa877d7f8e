package dev.tidepool.allocator.threads;

import dev.tidepool.allocator.memory.BlockPool;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests to event loops to act on their pools, while the caller, which may be another event
 * loop, waits for a bounded time.
 *
 * <p>Several loops may ask each other at once. So a loop that waits here, or for a lane, serves the
 * others' requests meanwhile. A loop then fails to answer only if its own handlers block, which is
 * what the bound is for. A loop that once exceeded the bound is not waited for again before it has
 * answered: the waits of many refusals would add up. Thread-safe.
 */
final class LoopRequests {
  private static final long SERVING_MILLIS = 1;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Requests that no thread has begun; guarded by the lock. */
  private final List<Request> waiting = new ArrayList<>();

  /** Pools of loops that exceeded the bound; guarded by the lock. */
  private final Set<BlockPool> late = new HashSet<>();

  private final class Request implements Runnable {
    private final BlockPool pool;
    private final Consumer<BlockPool> action;

    /** Guarded by the lock. */
    private boolean done;

    Request(BlockPool pool, Consumer<BlockPool> action) {
      this.pool = pool;
      this.action = action;
    }

    /** Runs in the loop's task or, if the loop waits here, in its waiting thread. */
    @Override
    public void run() {
      if (begin(this)) {
        try {
          pool.ownership().run(() -> action.accept(pool));
        } finally {
          end(this);
        }
      }
    }
  }

  /**
   * Runs {@code action} on each of {@code loops}, which are other threads'. A loop that has not run
   * it when this returns runs it later.
   *
   * @param nanos the longest time to wait for them
   */
  void askAndWait(List<? extends ThreadArenas> loops, Consumer<BlockPool> action, long nanos) {
    List<Request> asked = new ArrayList<>();
    for (ThreadArenas loop : loops) {
      if (!isLate(loop.pool())) {
        Request request = new Request(loop.pool(), action);
        asked.add(request);
        ask(request, loop.executor());
      }
    }
    await(asked, nanos);
    leave(asked);
  }

  /**
   * Locks {@code lane}. The lock's holder may be waiting here for the calling thread, which
   * therefore serves requests while it waits.
   */
  void lockServing(ReentrantLock lane) {
    boolean interrupted = false;
    boolean held = lane.tryLock();
    while (!held) {
      try {
        held = lane.tryLock(SERVING_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      if (!held) {
        locked(this::serveThisThread);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void serveThisThread() {
    Request ofThisThread = waitingForThisThread();
    if (ofThisThread != null) {
      unlocked(ofThisThread);
    }
  }

  private boolean isLate(BlockPool pool) {
    lock.lock();
    try {
      late.removeIf(BlockPool::isClosed);
      waiting.removeIf(request -> request.pool.isClosed());
      return late.contains(pool);
    } finally {
      lock.unlock();
    }
  }

  private void ask(Request request, @Nullable EventExecutor executor) {
    locked(() -> waiting.add(request));
    try {
      if (executor != null) {
        executor.execute(request);
        return;
      }
    } catch (RejectedExecutionException | UnsupportedOperationException e) {
      // The loop has ended, so its pool closes and gives all idle memory back; or it runs no tasks.
    }
    end(request);
  }

  private void await(List<Request> asked, long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (left > 0 && !asked.stream().allMatch(request -> request.done)) {
        Request ofThisThread = waitingForThisThread();
        if (ofThisThread == null) {
          left = changed.awaitNanos(left);
        } else {
          unlocked(ofThisThread);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Request waitingForThisThread() {
    for (Request request : waiting) {
      if (request.pool.ownership().isHeld()) {
        return request;
      }
    }
    return null;
  }

  private void unlocked(Request request) {
    lock.unlock();
    try {
      request.run();
    } finally {
      lock.lock();
    }
  }

  private boolean begin(Request request) {
    lock.lock();
    try {
      return waiting.remove(request);
    } finally {
      lock.unlock();
    }
  }

  private void end(Request request) {
    locked(
        () -> {
          waiting.remove(request);
          late.remove(request.pool);
          request.done = true;
        });
  }

  private void leave(List<Request> asked) {
    locked(() -> asked.stream().filter(each -> !each.done).forEach(each -> late.add(each.pool)));
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
