package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.fail;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Helpers for tests with several threads. */
public final class TestThreads {
  /** Long enough for the slowest machine; no passing test waits so long. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final Set<Thread.State> PARKED =
      EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

  private TestThreads() {}

  /** A task that may throw. */
  public interface Task {
    void run() throws Exception;
  }

  /** Runs {@code task} on {@code loop}, waits, and returns or rethrows its outcome. */
  public static <T> T call(EventExecutor loop, Callable<T> task) {
    return loop.submit(task).syncUninterruptibly().getNow();
  }

  /** Runs {@code task} on {@code loop}, waits, and rethrows what it throws. */
  public static void run(EventExecutor loop, Task task) {
    call(
        loop,
        () -> {
          task.run();
          return true;
        });
  }

  /** Ends {@code loops} and waits until its threads have cleaned up after themselves. */
  public static void end(EventExecutorGroup loops) {
    loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** Waits for {@code condition}, and fails if it does not come true in time. */
  public static void await(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        fail("waited in vain: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  /** Waits until {@code lock} is waited for, and {@code thread} is parked: queued comes before. */
  public static void awaitWaiter(ReentrantLock lock, Thread thread) {
    await(
        "the wait of " + thread,
        () -> lock.hasQueuedThreads() && PARKED.contains(thread.getState()));
  }
}
