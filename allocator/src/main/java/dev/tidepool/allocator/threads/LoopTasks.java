package dev.tidepool.allocator.threads;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.concurrent.RejectedExecutionException;

/** Hands work to an event loop, which may be ending. */
public final class LoopTasks {
  private static final InternalLogger logger = InternalLoggerFactory.getInstance(LoopTasks.class);

  private LoopTasks() {}

  /**
   * Runs {@code task} at once if this is the event loop, else by a task there; or, if that ended,
   * by the thread that learns when it has cleaned up: then its pool is closed, and the lock guards
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
   * Runs {@code task} on the event loop after what it does now, unless it takes none any more.
   *
   * @param connection what the log calls the connection that would not be told then
   */
  public static void later(EventExecutor executor, Runnable task, Object connection) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException | UnsupportedOperationException e) {
      logger.debug("{}: not told, as its event loop takes no task: {}", connection, task);
    }
  }
}
