package dev.tidepool.allocator.memory;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Has a pool's owner do what waits for it, by a task: at most one is on its way to the pool,
 * however often it is asked for. Thread-safe.
 */
final class WakeUp implements Runnable {
  private static final int NOTHING = 0;
  private static final int DRAIN = 1;

  /** Includes the draining. */
  private static final int MAKE_ROOM = 2;

  private final BlockPool pool;
  private final TrimTimer executor;
  private final Runnable drainAndWatch; // once: a release makes no garbage
  private final AtomicInteger asked = new AtomicInteger(NOTHING);
  private volatile boolean running;

  WakeUp(BlockPool pool, TrimTimer executor) {
    this.pool = pool;
    this.executor = executor;
    this.drainAndWatch = pool::drainAndWatch;
  }

  /**
   * Has the remote releases drained: here, if the lock stands for the owner and is free, else soon.
   * With the lock in hand already it is not done here: the caller may be in the middle of an
   * allocation.
   */
  void drain() {
    if (!pool.ownership().isByLock()
        || pool.ownership().lock().isHeldByCurrentThread()
        || !pool.ownership().tryRun(drainAndWatch)) {
      ask(DRAIN);
    }
  }

  /**
   * The same, for what nobody waits for: a task that is on its way will do. It takes the note away
   * first and the releases then, and the caller has pushed one first and reads the note then; all
   * four are volatile accesses or atomic read-modify-writes. So if the note is still there, the
   * task finds the release; and to find that out, many releasing threads only read.
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

  /** Whether the owner has not done yet what it was asked for. */
  boolean isUnderWay() {
    return asked.get() != NOTHING || running; // in this order: see run
  }

  /**
   * What is asked for is taken with the pool in hand only: a task that has to wait for the lock
   * leaves it to whoever has that meanwhile.
   */
  @Override
  public void run() {
    if (!pool.ownership().run(this::catchUp)) {
      asked.set(NOTHING); // another thread's, by an executor that is not the pool's own
    }
  }

  /**
   * First the note that a task is on its way goes, then the work is done, both in program order,
   * and the note changes by atomic read-modify-writes only. So who found the note there, and asked
   * for no task, is seen by this one. For the pool's owner.
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
