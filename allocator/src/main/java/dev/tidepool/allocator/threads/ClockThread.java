package dev.tidepool.allocator.threads;

import dev.tidepool.allocator.os.DaemonThread;
import java.util.concurrent.ScheduledExecutorService;

/** The process's one daemon thread for work that has no event loop. */
public final class ClockThread {
  public static final ScheduledExecutorService EXECUTOR = DaemonThread.executor("tidepool-clock");

  private ClockThread() {}

  /**
   * Runs {@code task} soon. Any thread.
   *
   * @return false if no thread could be started; then it runs with a later task, or never
   */
  public static boolean execute(Runnable task) {
    try {
      EXECUTOR.execute(task);
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    }
  }
}
