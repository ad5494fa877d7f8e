package dev.tidepool.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Allocated on one event loop, released on another: one operation is such a pair. A bounded queue
 * lies between the two, and the one that allocates waits when it is full, so that what is measured
 * is the slower of the two and nothing piles up. The request ends with each batch, while its
 * buffers are still on their way.
 *
 * <p>It is warmed up for longer: two threads that never stop leave little of two cores to those
 * that compile.
 */
@State(Scope.Thread)
@Warmup(iterations = 10, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class CrossThreadBenchmark extends EventLoopSuite {
  private static final int BATCH = 32;
  private static final int CAPACITY = 1024;
  private static final int SPINS = 1000;

  @Param({"256", "4096"})
  public int size;

  private final ByteBuf[] batch = new ByteBuf[BATCH];
  private final SpscQueue queue = new SpscQueue(CAPACITY);
  private final EventExecutor otherLoop = new DefaultEventExecutor();
  private Future<?> releasing;
  private volatile boolean stopped;

  @Override
  void prepare() {
    releasing = otherLoop.submit(this::releaseUntilStopped);
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void allocateHereReleaseThere() {
    for (int i = 0; i < BATCH; i++) {
      batch[i] = alloc.directBuffer(size).writeLong(i);
    }
    for (int spins = 0; !queue.offer(batch); spins++) {
      await(spins);
    }
    endRequest();
  }

  private void releaseUntilStopped() {
    while (!stopped) {
      if (queue.releaseAll() == 0) {
        Thread.onSpinWait();
      }
    }
    queue.releaseAll();
  }

  private void await(int spins) {
    if (spins % SPINS == SPINS - 1) {
      requireReleasing();
    }
    Thread.onSpinWait();
  }

  private void requireReleasing() {
    if (releasing.isDone() && !stopped) {
      throw new IllegalStateException("releasing buffers failed", releasing.cause());
    }
  }

  @TearDown
  public void stop() throws Exception {
    stopped = true;
    releasing.get();
    otherLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).get();
  }
}
