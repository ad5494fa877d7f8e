package dev.tidepool.allocator.memory;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The right to touch a pool and all that belongs to it: one thread's, or, without a thread, the
 * holder's of the lock.
 *
 * <pre>
 *   thread == t     implies  only t touches the pool
 *   thread == null  implies  only the holder of the lock touches the pool
 * </pre>
 *
 * <p>{@code thread} changes once at most, from the owner thread to null, by that thread and under
 * the lock. So any thread may compare it with itself: a thread that is not the owner never finds
 * itself there, and the owner never sees a stale value. A thread that finds null under the lock
 * sees all that the former owner did, because that unlocked after it.
 */
public final class Ownership {
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Thread thread;

  /**
   * @param thread the owner, or null if the lock stands for it
   */
  Ownership(@Nullable Thread thread) {
    this.thread = thread;
  }

  /** Whether the calling thread is the owner: it is that thread, or holds the lock of none. */
  public boolean isHeld() {
    return isThread() || (thread == null && lock.isHeldByCurrentThread());
  }

  /** Whether the calling thread is the owner thread. */
  boolean isThread() {
    return thread == Thread.currentThread();
  }

  /** Whether the lock stands for the owner: there never was, or no longer is, a thread. */
  public boolean isByLock() {
    return thread == null;
  }

  /** The owner thread, or null. For the owner. */
  @Nullable Thread thread() {
    return thread;
  }

  /**
   * Runs {@code action} as the owner: the owner thread at once, other threads under the lock if
   * there is no owner thread.
   *
   * @return false, and nothing was run, if another thread is the owner
   */
  public boolean run(Runnable action) {
    if (thread != null && !isThread()) {
      return false;
    }
    locked(action);
    return true;
  }

  /**
   * Runs {@code action} as the owner without waiting for the lock, so that the caller may hold
   * another pool's.
   *
   * @return false, and nothing was run, if another thread is the owner or holds the lock
   */
  public boolean tryRun(Runnable action) {
    if (isThread()) {
      action.run();
      return true;
    }
    if (thread != null || !lock.tryLock()) {
      return false;
    }
    try {
      action.run();
    } finally {
      lock.unlock();
    }
    return true;
  }

  /** Runs {@code action} under the lock. */
  void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  /** The owner thread's last act, under the lock, which stands for it from here on. */
  void endThread() {
    thread = null;
  }

  /** What stands for the owner where there is no thread. */
  public ReentrantLock lock() {
    return lock;
  }
}
