package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.BlockPool;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has event loops do something with their pools while the caller, which may be another event loop,
 * waits for a bounded time.
 *
 * <p>Several loops may do so at once, and each ask the others. So a loop that waits here serves
 * what the others ask of it: none waits for one that cannot answer, but for its own handlers'
 * blocking, which the bound is for. Thread-safe.
 */
final class LoopRequests {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Not begun by anybody; guarded by the lock. */
  private final List<Request> waiting = new ArrayList<>();

  private final class Request implements Runnable {
    private final BlockPool pool;
    private final Consumer<BlockPool> action;

    /** Guarded by the lock. */
    private boolean done;

    Request(BlockPool pool, Consumer<BlockPool> action) {
      this.pool = pool;
      this.action = action;
    }

    /** By the loop's task or, if the loop waits here, by its thread. */
    @Override
    public void run() {
      if (begin(this)) {
        try {
          pool.runOwned(() -> action.accept(pool));
        } finally {
          end(this);
        }
      }
    }
  }

  /**
   * Runs {@code action} on each of {@code loops}, all of them other threads'.
   *
   * @param nanos how long to wait for them at most
   */
  void askAndWait(List<LoopArenas> loops, Consumer<BlockPool> action, long nanos) {
    List<Request> asked = new ArrayList<>();
    try {
      for (LoopArenas loop : loops) {
        Request request = new Request(loop.pool, action);
        asked.add(request);
        ask(request, loop.executor);
      }
      await(asked, nanos);
    } finally {
      forget(asked);
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
      // The loop ended, and its pool closes, which gives back all that is idle; or it runs nothing.
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
      if (request.pool.isOwned()) {
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
          request.done = true;
        });
  }

  private void forget(List<Request> requests) {
    locked(() -> waiting.removeAll(requests));
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
