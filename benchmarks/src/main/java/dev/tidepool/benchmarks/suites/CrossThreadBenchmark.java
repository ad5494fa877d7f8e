package dev.tidepool.benchmarks.suites;

import static dev.tidepool.benchmarks.AllocatorUnderTest.ADAPTIVE;
import static dev.tidepool.benchmarks.LeakDetection.DISABLED;

import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jctools.queues.atomic.SpscAtomicArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Allocated on one event loop, released on another: one operation is such a pair. A bounded queue
 * lies between the two, and the one that allocates waits when it is full, so that what is measured
 * is the slower of the two and nothing piles up. The request ends every {@value #BATCH} buffers,
 * while these are still on their way.
 *
 * <p>It is warmed up for longer: two threads that never stop leave little of two cores to those
 * that compile.
 */
@Suite(
    title = "Cross-thread",
    operation =
        "One operation is a buffer allocated on one event loop and released on another, with a"
            + " bounded queue between the two. The request ends while its buffers are on their way.",
    quick = "size=256")
@Target(atLeast = 2, than = ADAPTIVE)
@Target(at = DISABLED, atLeast = 1.5, than = ADAPTIVE)
@Warmup(iterations = 10, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class CrossThreadBenchmark extends EventLoopSuite {
  private static final int BATCH = 32;
  private static final int CAPACITY = 1024;
  private static final int SPINS = 1000;

  @Param({"256", "4096"})
  public int size;

  private final SpscAtomicArrayQueue<ByteBuf> queue = new SpscAtomicArrayQueue<>(CAPACITY);
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
      ByteBuf buffer = alloc.directBuffer(size).writeLong(i);
      for (int spins = 0; !queue.offer(buffer); spins++) {
        await(spins);
      }
    }
    endRequest();
  }

  private void releaseUntilStopped() {
    while (!stopped) {
      if (queue.drain(ByteBuf::release) == 0) {
        Thread.onSpinWait();
      }
    }
    queue.drain(ByteBuf::release);
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
