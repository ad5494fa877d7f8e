package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.fail;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What tests that need more than one thread do to them. */
public final class TestThreads {
  /** Long enough for the slowest machine; nothing that works waits so long. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private TestThreads() {}

  /** Something that may throw. */
  public interface Task {
    void run() throws Exception;
  }

  /** Runs {@code task} on {@code loop} and waits for what it answers or throws. */
  public static <T> T call(EventExecutor loop, Callable<T> task) {
    return loop.submit(task).syncUninterruptibly().getNow();
  }

  /** The same for a task without an answer. */
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

  /** Waits for {@code condition}, and fails if it never comes. */
  public static void await(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        fail("waited in vain: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }
}
