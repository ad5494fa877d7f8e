package dev.tidepool.allocator.threads;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.concurrent.RejectedExecutionException;

/** The hand-over of tasks to an event loop that may be ending. */
public final class LoopTasks {
  private static final InternalLogger logger = InternalLoggerFactory.getInstance(LoopTasks.class);

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
      executor.terminationFuture().addListener(ended -> task.run());
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
    } catch (RejectedExecutionException | UnsupportedOperationException e) {
      logger.debug("{}: not told, as its event loop takes no task: {}", connection, task);
    }
  }
}
