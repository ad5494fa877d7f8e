package dev.tidepool.allocator.model;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.concurrent.TimeUnit;

/** A {@code DefaultEventExecutor} that can be suspended, like Netty's I/O event loops. */
final class ModelLoop extends SingleThreadEventExecutor {
  private final Threads threads;

  private ModelLoop(Threads threads) {
    super(null, threads, false, true, Integer.MAX_VALUE, (task, executor) -> reject());
    this.threads = threads;
  }

  /**
   * @param id of its threads, so that the choice of a lane can be replayed
   */
  static ModelLoop start(String name, int id) {
    return new ModelLoop(new Threads(name, id));
  }

  @Override
  protected void run() {
    do {
      Runnable task = takeTask();
      if (task != null) {
        runTask(task);
        updateLastExecutionTime();
      }
    } while (!confirmShutdown() && !canSuspend());
  }

  /** Ends the thread; the next task starts another one. */
  void suspend() throws Throwable {
    if (trySuspend()) {
      threads.joinLast();
    }
  }

  void end() throws Throwable {
    shutdownGracefully(0, 0, TimeUnit.SECONDS);
    threads.joinLast();
  }

  private static final class Threads extends DefaultThreadFactory {
    private final int id;
    private volatile Thread last;
    private volatile Throwable failure;

    Threads(String name, int id) {
      super(name);
      this.id = id;
    }

    @Override
    protected Thread newThread(Runnable task, String name) {
      Thread thread =
          new FastThreadLocalThread(threadGroup, task, name) {
            @Override
            public long getId() {
              return id;
            }
          };
      thread.setUncaughtExceptionHandler((dead, e) -> failure = e);
      last = thread;
      return thread;
    }

    /** Throws the failure of a pool that cannot be closed; its future would never complete. */
    void joinLast() throws Throwable {
      if (last != null) {
        last.join();
      }
      if (failure != null) {
        throw failure;
      }
    }
  }
}
