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
      rejected(
          executor,
          () -> run(executor, task),
          () -> executor.terminationFuture().addListener(ended -> task.run()));
    }
  }

  /** Hands over again, later, if the executor's queue is full; else the executor ends. */
  private static void rejected(EventExecutor executor, Runnable handOver, Runnable atItsEnd) {
    if (executor.isShuttingDown()) {
      atItsEnd.run();
    } else {
      ClockThread.EXECUTOR.schedule(handOver, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }
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
      rejected(executor, () -> later(executor, task, connection), () -> notTold(connection, task));
    } catch (UnsupportedOperationException e) {
      notTold(connection, task);
    }
  }

  private static void notTold(Object connection, Runnable task) {
    logger.debug("{}: not told, as its event loop takes no task: {}", connection, task);
  }
}
