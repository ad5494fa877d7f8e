package dev.tidepool.allocator.memory;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The right to touch a pool and all that belongs to it. One thread has it or, if there is none, the
 * holder of the lock.
 *
 * <pre>
 *   thread == t     implies  only t touches the pool
 *   thread == null  implies  only the holder of the lock touches the pool
 * </pre>
 *
 * <p>{@code thread} changes at most once, from the owner thread to null; that thread writes it
 * under the lock. So any thread may compare it with itself: another thread never finds itself
 * there, and the owner never reads a stale value. The owner's unlock happens-before the next lock,
 * so a thread that finds null under the lock sees all that the former owner did.
 */
public final class Ownership {
  private final ReentrantLock lock;
  private @Nullable Thread thread;

  /**
   * @param thread the owner thread, or null if the lock stands for it
   */
  Ownership(@Nullable Thread thread, ReentrantLock lock) {
    this.thread = thread;
    this.lock = lock;
  }

  /** Whether the caller is the owner: the owner thread or, if there is none, the lock's holder. */
  public boolean isHeld() {
    return isThread() || (thread == null && lock.isHeldByCurrentThread());
  }

  /** Whether the caller is the owner thread. */
  boolean isThread() {
    return thread == Thread.currentThread();
  }

  /** Whether the lock stands for the owner: there never was a thread, or it ended. */
  public boolean isByLock() {
    return thread == null;
  }

  /** The owner thread, or null. For the owner. */
  @Nullable Thread thread() {
    return thread;
  }

  /**
   * Runs {@code action} as the owner, under the lock: on the owner thread or, if there is none, on
   * any thread.
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

  /** The owner thread's last act, under the lock; from here on the lock stands for it. */
  void endThread() {
    thread = null;
  }

  /** The lock that stands for the owner if there is no thread. */
  public ReentrantLock lock() {
    return lock;
  }
}
