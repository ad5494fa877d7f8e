package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.AbstractEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.internal.ThreadExecutorMap;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Allocators on an executor that supports nothing, like that of Netty's microbenchmarks. */
class ExecutorThatCannotScheduleTest {
  private static final Harness HARNESS = new Harness();

  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder()
              .trimInterval(Duration.ofMillis(10))
              .softBudget(64 * 1024)
              .globalBudget(1024 * 1024));

  private final ArenaByteBufAllocator allocator = guard.allocator();
  private final AtomicReference<Thread> started = new AtomicReference<>();
  private final ExecutorService thread = Executors.newSingleThreadExecutor(this::harnessThread);

  private Thread harnessThread(Runnable task) {
    ThreadFactory factory = ThreadExecutorMap.apply(new DefaultThreadFactory("harness"), HARNESS);
    started.set(factory.newThread(task));
    return started.get();
  }

  private static final class Harness extends AbstractEventExecutor {
    private static UnsupportedOperationException unsupported() {
      return new UnsupportedOperationException("harness");
    }

    @Override
    public boolean inEventLoop(Thread thread) {
      return thread instanceof FastThreadLocalThread;
    }

    @Override
    public boolean isShuttingDown() {
      throw unsupported();
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
      throw unsupported();
    }

    @Override
    public Future<?> terminationFuture() {
      throw unsupported();
    }

    @Override
    @Deprecated
    public void shutdown() {
      throw unsupported();
    }

    @Override
    public boolean isShutdown() {
      throw unsupported();
    }

    @Override
    public boolean isTerminated() {
      throw unsupported();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      throw unsupported();
    }

    @Override
    public void execute(Runnable command) {
      throw unsupported();
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      throw unsupported();
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
      throw unsupported();
    }
  }

  @AfterEach
  void endThread() throws Exception {
    thread.shutdown();
    started.get().join(); // then it has removed its thread-locals too
  }

  /** Runs {@code task} on the harness's thread, and rethrows what it throws. */
  private void onHarness(TestThreads.Task task) throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    thread
        .submit(
            () -> {
              try {
                task.run();
              } catch (Throwable e) {
                thrown.set(e);
              }
            })
        .get();
    assertThat(thrown).hasNullValue();
  }

  @Test
  void theSharedAllocatorServesTheExecutor() throws Exception {
    onHarness(
        () -> {
          ByteBuf buffer = Patterns.fill(allocator.directBuffer(1000), 1);
          allocator.heapBuffer(100_000).release();
          Patterns.check(buffer, 1);
          buffer.release();
          allocator.trim();
        });
    allocator.trim();
  }

  @Test
  void aConnectionsArenaServesTheExecutor() throws Exception {
    ConnectionArena arena = allocator.newConnectionArena(HARNESS);
    onHarness(
        () -> {
          for (int request = 0; request < 3; request++) {
            ByteBuf direct = Patterns.fill(arena.directBuffer(1000), 1);
            ByteBuf heap = Patterns.fill(arena.heapBuffer(200_000), 2); // over the soft budget
            Patterns.check(direct, 1);
            Patterns.check(heap, 2);
            direct.release();
            heap.release();
            arena.reset();
          }
          assertThat(arena.metric().requests()).isEqualTo(3);
          arena.close();
        });
  }

  @Test
  void theExecutorHasAPoolThatClosesWithItsThread() throws Exception {
    ByteBuf[] alive = new ByteBuf[1];
    onHarness(() -> alive[0] = allocator.directBuffer(1000));
    thread.shutdown();
    started.get().join(); // then it has removed its thread-locals too
    assertThat(allocator.metric().usedDirectMemory()).isPositive();
    alive[0].release();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }
}
