package dev.tidepool.allocator.model;

import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The threads of a world: two event loops and two plain threads. One works at a time: each step is
 * handed over and awaited, so that a sequence always runs the same way.
 */
final class Actors implements AutoCloseable {
  static final int LOOPS = 2;
  static final int COUNT = 4;

  /** The first event loop does most. */
  static final int[] USUALLY = {0, 0, 0, 0, 0, 0, 1, 2, 2, 3};

  private final ModelLoop[] loops = {newLoop(0), newLoop(1)};
  private final ExecutorService[] others = {newThread(2), newThread(3)};

  /** One thing that an actor does. */
  interface Action {
    void run() throws Exception;
  }

  private static ModelLoop newLoop(int actor) {
    return ModelLoop.start("loop-" + actor, actor);
  }

  private static ExecutorService newThread(int actor) {
    return Executors.newSingleThreadExecutor(task -> new Foreign(task, actor));
  }

  ModelLoop loop(int actor) {
    return loops[actor % LOOPS];
  }

  /** Runs {@code action} on {@code actor}, waits, and throws what it throws. */
  void run(int actor, Action action) throws Throwable {
    Callable<Void> task =
        () -> {
          action.run();
          return null;
        };
    boolean isLoop = actor < LOOPS;
    await(isLoop ? loops[actor].submit(task) : others[actor - LOOPS].submit(task));
  }

  /**
   * Waits until all is done that was handed to {@code loop}, unless the caller is that loop. If it
   * ended, waits for the thread on which Netty reports that.
   */
  static void settle(ModelLoop loop) throws Exception {
    if (loop.isShutdown()) {
      settleEnded();
    } else if (!loop.inEventLoop()) {
      loop.submit(() -> {}).get();
    }
  }

  /** Waits until all is done that loops which ended have left to the thread that reports it. */
  static void settleEnded() throws Exception {
    GlobalEventExecutor.INSTANCE.submit(() -> {}).get();
  }

  private static void await(Future<?> done) throws Throwable {
    try {
      done.get();
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }

  /** Ends the loop and starts another in its place. */
  void replace(int actor) throws Throwable {
    int index = actor % LOOPS;
    loops[index].end();
    loops[index] = newLoop(index);
  }

  /** Does not wait: after a failure the loops may fail to end as well. */
  @Override
  public void close() {
    for (ModelLoop loop : loops) {
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }
    for (ExecutorService other : others) {
      other.shutdown();
    }
  }

  /** A thread of no event loop, with an id that can be replayed. */
  private static final class Foreign extends Thread {
    private final int id;

    Foreign(Runnable task, int id) {
      super(task, "foreign-" + id);
      this.id = id;
    }

    @Override
    public long getId() {
      return id;
    }
  }
}
