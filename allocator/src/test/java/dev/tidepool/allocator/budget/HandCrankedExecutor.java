package dev.tidepool.allocator.budget;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** An executor without a thread: scheduled tasks run when the test says so. */
final class HandCrankedExecutor extends ScheduledThreadPoolExecutor {
  private final Queue<Runnable> scheduled = new ArrayDeque<>();
  private boolean fails;

  HandCrankedExecutor() {
    super(0);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    if (fails) {
      throw new OutOfMemoryError("no thread");
    }
    scheduled.add(task);
    return null;
  }

  /** Whether no thread can be started. */
  void fails(boolean fails) {
    this.fails = fails;
  }

  int waiting() {
    return scheduled.size();
  }

  /** Runs what is scheduled, and not what that schedules. */
  void runScheduled() {
    for (int tasks = scheduled.size(); tasks > 0; tasks--) {
      scheduled.remove().run();
    }
  }
}
