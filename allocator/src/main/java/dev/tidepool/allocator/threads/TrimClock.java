package dev.tidepool.allocator.threads;

import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.memory.TrimTimer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clock that calls a pool's {@code trimTick} every quarter of an interval for as long as the
 * pool has something to trim. It runs on the event loop that owns the pool or, for a pool that the
 * lock guards, on a daemon thread.
 *
 * <p>Only the pool's owner touches the fields, unless said otherwise.
 */
final class TrimClock implements TrimTimer, Runnable {
  private final ScheduledExecutorService executor;
  private final long quarterNanos;
  private @Nullable BlockPool pool;
  private @Nullable ThreadArenas loop;
  private boolean running;

  /** Set if the executor cannot schedule, as in Netty's microbenchmarks: then there is no clock. */
  private boolean unsupported;

  /** Set if the executor runs no tasks. Any thread; one that reads it too early asks in vain. */
  private boolean runsNoTasks;

  /**
   * @param intervalNanos the time within which an idle block goes back upstream; 0: never
   */
  TrimClock(ScheduledExecutorService executor, long intervalNanos) {
    this.executor = executor;
    this.quarterNanos = intervalNanos == 0 ? 0 : Math.max(1, intervalNanos / 4);
  }

  /** Has {@code loop} trimmed with its pool from now on. */
  void trimToo(ThreadArenas loop) {
    this.loop = loop;
  }

  @Override
  public void start(BlockPool pool) {
    this.pool = pool;
    if (quarterNanos > 0 && !running && !unsupported) {
      schedule();
    }
  }

  @Override
  public boolean isTicking() {
    return running;
  }

  @Override
  public boolean execute(Runnable task) {
    return !runsNoTasks && isAccepted(task);
  }

  private boolean isAccepted(Runnable task) {
    try {
      executor.execute(task);
      return true;
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      return false; // an executor without a thread could not start one
    } catch (UnsupportedOperationException e) {
      runsNoTasks = true; // an exception for each buffer released elsewhere would be dear
      return false;
    }
  }

  private void schedule() {
    try {
      executor.schedule(this, quarterNanos, TimeUnit.NANOSECONDS);
      running = true;
    } catch (RejectedExecutionException e) {
      running = false; // the event loop ends, and with it the pool closes
    } catch (UnsupportedOperationException e) {
      unsupported = true;
    } catch (OutOfMemoryError e) {
      running = false; // no thread or no heap: the next block tries again
    }
  }

  @Override
  public void run() {
    BlockPool pool = this.pool;
    if (pool != null && !pool.isClosed()) {
      pool.ownership().run(() -> tick(pool));
    }
  }

  /** Where no tick will come, releasing threads wake the owner, and the next block starts it. */
  private void restIfStopped(BlockPool pool) {
    if (!running) {
      pool.clockStopped();
    }
  }

  private void tick(BlockPool pool) {
    running = false;
    boolean goesOn = true; // also if the tick throws
    try {
      goesOn = pool.trimTick();
      if (loop != null) {
        loop.trimTick(goesOn);
      }
    } finally {
      if (goesOn) {
        start(pool); // does nothing if the tick has
        restIfStopped(pool);
      }
    }
  }
}
