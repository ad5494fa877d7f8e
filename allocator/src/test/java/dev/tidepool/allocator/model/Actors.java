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

  /** What an actor does. */
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

  /** Has {@code actor} do it, waits, and throws what it throws. */
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
   * Waits, unless the caller is that loop, until all was done that was handed to {@code loop}: or
   * to whom Netty has tell that a loop ended.
   */
  static void settle(ModelLoop loop) throws Exception {
    if (loop.isShutdown()) {
      GlobalEventExecutor.INSTANCE.submit(() -> {}).get();
    } else if (!loop.inEventLoop()) {
      loop.submit(() -> {}).get();
    }
  }

  private static void await(Future<?> done) throws Throwable {
    try {
      done.get();
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }

  /** The loop ends, and another one takes its part. */
  void replace(int actor) throws Throwable {
    int index = actor % LOOPS;
    loops[index].end();
    loops[index] = newLoop(index);
  }

  /** Waits for nobody: after a failure their ends may fail as well. */
  @Override
  public void close() {
    for (ModelLoop loop : loops) {
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }
    for (ExecutorService other : others) {
      other.shutdown();
    }
  }

  /** A thread that is no event loop's, with an id that can be replayed. */
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
