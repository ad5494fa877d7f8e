package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.AbstractEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.internal.ThreadExecutorMap;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Allocators on executors that support nothing, or only tasks, as in Netty's microbenchmarks. */
class ExecutorThatCannotScheduleTest {
  private static final int GLOBAL_BUDGET = 1024 * 1024;
  private static final int MANY = 100;

  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder()
              .trimInterval(Duration.ofMillis(10))
              .softBudget(64 * 1024)
              .globalBudget(GLOBAL_BUDGET));

  private final ArenaByteBufAllocator allocator = guard.allocator();
  private final Harness harness = new Harness();
  private final AtomicReference<Thread> started = new AtomicReference<>();
  private final ExecutorService thread = Executors.newSingleThreadExecutor(this::harnessThread);

  private Thread harnessThread(Runnable task) {
    ThreadFactory factory = ThreadExecutorMap.apply(new DefaultThreadFactory("harness"), harness);
    started.set(factory.newThread(task));
    return started.get();
  }

  private final class Harness extends AbstractEventExecutor {
    final AtomicInteger schedulesRefused = new AtomicInteger();
    final AtomicInteger tasksRefused = new AtomicInteger();
    volatile boolean runsTasks;

    private UnsupportedOperationException unsupported() {
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
      if (!runsTasks) {
        tasksRefused.incrementAndGet();
        throw unsupported();
      }
      thread.execute(command);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      schedulesRefused.incrementAndGet();
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

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theSharedAllocatorServesTheExecutor(boolean runsTasks) throws Exception {
    harness.runsTasks = runsTasks;
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

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aConnectionsArenaServesTheExecutor(boolean runsTasks) throws Exception {
    harness.runsTasks = runsTasks;
    ConnectionArena arena = allocator.newConnectionArena(harness);
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
        });
    ByteBuf inLane = Patterns.fill(arena.directBuffer(1000), 3);
    onHarness(arena::close);
    Patterns.check(inLane, 3);
    inLane.release();
  }

  @Test
  void itsMemoryHasNoClock() throws Exception {
    onHarness(
        () -> {
          for (int i = 0; i < MANY; i++) {
            allocator.directBuffer(100_000).release();
            assertThat(allocator.metric().usedDirectMemory()).isPositive();
            allocator.trim();
            assertThat(allocator.metric().usedDirectMemory()).isZero();
          }
        });
    assertThat(harness.schedulesRefused).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void buffersReleasedElsewhereAreFreedByTheNextSlowPath(boolean runsTasks) throws Exception {
    harness.runsTasks = runsTasks;
    ByteBuf[] buffers = new ByteBuf[MANY];
    onHarness(() -> Arrays.setAll(buffers, i -> allocator.directBuffer(1000)));
    for (ByteBuf buffer : buffers) {
      assertThat(buffer.release()).isTrue();
    }
    onHarness(
        () -> {
          allocator.trim();
          assertThat(allocator.metric().usedDirectMemory()).isZero();
        });
    assertThat(harness.tasksRefused).hasValue(runsTasks ? 0 : 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBudgetRefusesThere(boolean runsTasks) throws Exception {
    harness.runsTasks = runsTasks;
    onHarness(
        () ->
            assertThatThrownBy(() -> allocator.directBuffer(2 * GLOBAL_BUDGET))
                .isInstanceOf(ArenaBudgetExceededException.class));
    assertThatThrownBy(() -> allocator.directBuffer(2 * GLOBAL_BUDGET))
        .isInstanceOf(ArenaBudgetExceededException.class);
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
