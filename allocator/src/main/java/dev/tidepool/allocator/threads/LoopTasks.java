package dev.tidepool.allocator.threads;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The hand-over of tasks to an event loop that may be ending, or whose queue of tasks, if it is
 * bounded, may be full: that is tried again until there is a place.
 */
public final class LoopTasks {
  private static final InternalLogger logger = InternalLoggerFactory.getInstance(LoopTasks.class);
  private static final long RETRY_MILLIS = 1;

  private LoopTasks() {}

  /**
   * Runs {@code task} at once on the event loop, else by a task there. If the loop has ended, it
   * runs when the loop's termination future completes: then its pool is closed, and the lock guards
   * what is left.
   */
  public static void run(EventExecutor executor, Runnable task) {
    if (executor.inEventLoop()) {
      task.run();
      return;
    }
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      if (isFull(executor)) {
        again(() -> run(executor, task));
      } else {
        executor.terminationFuture().addListener(ended -> task.run());
      }
    }
  }

  /** Whether an executor that has rejected a task may accept it later. */
  private static boolean isFull(EventExecutor executor) {
    return !executor.isShuttingDown();
  }

  private static void again(Runnable handOver) {
    ClockThread.EXECUTOR.schedule(handOver, RETRY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Runs {@code task} on the event loop after what it does now. If the loop takes no more tasks,
   * logs that.
   *
   * @param connection the connection's name in that log line
   */
  public static void later(EventExecutor executor, Runnable task, Object connection) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      if (isFull(executor)) {
        again(() -> later(executor, task, connection));
      } else {
        notTold(connection, task);
      }
    } catch (UnsupportedOperationException e) {
      notTold(connection, task);
    }
  }

  private static void notTold(Object connection, Runnable task) {
    logger.debug("{}: not told, as its event loop takes no task: {}", connection, task);
  }
}
