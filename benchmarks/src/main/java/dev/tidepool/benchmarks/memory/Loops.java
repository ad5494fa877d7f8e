package dev.tidepool.benchmarks.memory;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Real event loops, as many on every machine. */
final class Loops implements AutoCloseable {
  static final int COUNT = 4;
  private static final int PATIENCE_SECONDS = 60;

  private final MultiThreadIoEventLoopGroup group;
  private final List<EventExecutor> loops = new ArrayList<>();

  Loops() {
    this(COUNT);
  }

  Loops(int count) {
    group = new MultiThreadIoEventLoopGroup(count, NioIoHandler.newFactory());
    for (EventExecutor loop : group) {
      loops.add(loop);
    }
  }

  /** What one event loop is to do. */
  interface Task {
    void run(int loop);
  }

  MultiThreadIoEventLoopGroup group() {
    return group;
  }

  EventExecutor loop(int index) {
    return loops.get(index);
  }

  /** Runs {@code task} on all event loops at once and waits for it. */
  void onEach(Task task) throws InterruptedException {
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < loops.size(); i++) {
      int loop = i;
      running.add(loops.get(i).submit(() -> task.run(loop)));
    }
    for (Future<?> each : running) {
      await(each);
    }
  }

  private static void await(Future<?> task) throws InterruptedException {
    try {
      var unused = task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("event loop: task failed (expected: done): " + e, e);
    }
  }

  /** Runs {@code task} on every loop, over and over. */
  void onEachRepeatedly(Task task, long periodMillis) {
    for (int i = 0; i < loops.size(); i++) {
      int loop = i;
      var unused =
          loops
              .get(i)
              .scheduleAtFixedRate(
                  () -> task.run(loop), periodMillis, periodMillis, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    var unused = group.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
