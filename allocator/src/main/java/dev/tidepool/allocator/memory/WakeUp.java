package dev.tidepool.allocator.memory;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The wake-up of a pool's owner by a task: at most one is under way, however often it is asked for.
 * Thread-safe.
 */
final class WakeUp implements Runnable {
  private static final int NOTHING = 0;
  private static final int DRAIN = 1;

  /** Includes the draining. */
  private static final int MAKE_ROOM = 2;

  private final BlockPool pool;
  private final TrimTimer executor;
  private final Runnable drainAndWatch; // made once: a release makes no garbage
  private final AtomicInteger asked = new AtomicInteger(NOTHING);
  private volatile boolean running;

  WakeUp(BlockPool pool, TrimTimer executor) {
    this.pool = pool;
    this.executor = executor;
    this.drainAndWatch = pool::drainAndWatch;
  }

  /**
   * Drains the remote releases: here if the lock stands for the owner and is free, else soon. Not
   * here if the caller holds the lock already: it may be in the middle of an allocation.
   */
  void drain() {
    if (!pool.ownership().isByLock()
        || pool.ownership().lock().isHeldByCurrentThread()
        || !pool.ownership().tryRun(drainAndWatch)) {
      ask(DRAIN);
    }
  }

  /**
   * Drains if no task is under way. For releases that no thread waits for.
   *
   * <p>Dekker's store-load pattern: the caller pushed a release, then reads {@code asked}; the task
   * clears {@code asked}, then drains. All four are volatile accesses or atomic read-modify-writes.
   * So if {@code asked} is still set, the task finds the release; and many releasing threads only
   * read.
   */
  void drainUnlessUnderWay() {
    if (asked.get() == NOTHING) {
      drain();
    }
  }

  void makeRoomSoon() {
    ask(MAKE_ROOM);
  }

  private void ask(int work) {
    if (asked.getAndAccumulate(work, Math::max) != NOTHING) {
      return;
    }
    boolean accepted = false;
    try {
      accepted = executor.execute(this);
    } finally {
      if (!accepted) { // the owner ends, and drains when it closes the pool; or it failed
        asked.set(NOTHING);
      }
    }
  }

  /** Whether the owner has not yet done what it was asked for. */
  boolean isUnderWay() {
    return asked.get() != NOTHING || running; // in this order: see catchUp
  }

  /**
   * Takes the work only with the pool in hand. While the task waits for the lock, the lock's holder
   * may do the work.
   */
  @Override
  public void run() {
    if (!pool.ownership().run(this::catchUp)) {
      asked.set(NOTHING); // another thread owns the pool: the executor is not the pool's own
    }
  }

  /**
   * Clears {@code asked}, then does the work. Both are in program order, and {@code asked} changes
   * by atomic read-modify-writes only. So a thread that found it set, and asked for no task, is
   * seen by this one. For the pool's owner.
   */
  void catchUp() {
    running = true;
    try {
      if (asked.getAndSet(NOTHING) == MAKE_ROOM) {
        pool.makeRoom();
      } else {
        pool.drainAndWatch();
      }
    } finally {
      running = false;
    }
  }
}
