package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.tidepool.allocator.memory.BlockPool;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The lanes of a connection for other threads, with and without contention. */
@Timeout(30)
class ConnectionLanesTest {
  private static final int BLOCK = 8 * 1024;
  private static final int PATIENCE_SECONDS = 3;

  @RegisterExtension
  final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder()
              .trimInterval(Duration.ZERO)
              .minBlockSize(BLOCK)
              .checks(Checks.OFF));

  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final EventExecutor loop = new DefaultEventExecutor();
  private final ConnectionArena arena = guard.allocator().newConnectionArena(loop);
  private final int lanes = guard.allocator().pools().lanes().count();
  private final List<ByteBuf> buffers = new ArrayList<>();

  @AfterEach
  void end() {
    buffers.forEach(ByteBuf::release);
    TestThreads.run(loop, arena::close);
    TestThreads.end(loop);
  }

  private void allocate() {
    buffers.add(arena.directBuffer(64));
  }

  private void releaseAll() {
    buffers.forEach(ByteBuf::release);
    buffers.clear();
  }

  private List<BlockPool> pools(Predicate<BlockPool> which) {
    List<BlockPool> found = new ArrayList<>();
    guard.allocator().pools().forEachPool(found::add);
    found.removeIf(which.negate());
    return found;
  }

  private List<BlockPool> leasing() {
    return pools(pool -> pool.leasedBytes() > 0);
  }

  /**
   * Runs {@code task} while another thread holds {@code taken}; for a limited time, so that a task
   * which wrongly waits for it ends.
   */
  private static void whileTaken(List<BlockPool> taken, Runnable task) throws Exception {
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Thread holder =
        new Thread(
            () -> {
              List<ReentrantLock> locks =
                  taken.stream().map(pool -> pool.ownership().lock()).toList();
              locks.forEach(Lock::lock);
              locked.countDown();
              awaitPatiently(done);
              locks.forEach(Lock::unlock);
            });
    holder.start();
    locked.await();
    try {
      task.run();
    } finally {
      done.countDown();
      holder.join();
    }
  }

  private static void awaitPatiently(CountDownLatch latch) {
    try {
      latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void onAnotherThread(Runnable task)
      throws InterruptedException, ExecutionException {
    FutureTask<Void> future = new FutureTask<>(task, null);
    new Thread(future).start();
    future.get();
  }

  /** Allocates a buffer in each of two lanes. */
  private void useTwoLanes() throws Exception {
    allocate();
    whileTaken(leasing(), this::allocate);
    assertThat(leasing()).hasSize(2);
  }

  @Test
  void aThreadThatFindsTheLaneLockedUsesAnother() throws Exception {
    useTwoLanes();
    assertThat(arena.metric().leasedBlocks()).isEqualTo(2);
    assertThat(arena.metric().chargedBytes()).isEqualTo(2L * BLOCK);
  }

  @Test
  void withoutContentionThreadsShareOneLane() throws Exception {
    for (int i = 0; i < lanes; i++) {
      onAnotherThread(this::allocate);
    }
    assertThat(leasing()).hasSize(1);
  }

  @Test
  void aThreadThatFindsASharedLaneLockedUsesAnother() throws Exception {
    ByteBuf first = guard.allocator().directBuffer(64);
    whileTaken(leasing(), () -> buffers.add(guard.allocator().directBuffer(64)));
    first.release();
    assertThat(leasing()).hasSize(2);
  }

  /** Waiting for a lane is timed, as event loops serve each other meanwhile. */
  private static boolean isWaiting(Thread thread) {
    Thread.State state = thread.getState();
    return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
  }

  @Test
  void aThreadWaitsIfAllLanesAreLocked() throws Exception {
    FutureTask<Void> waiting = new FutureTask<>(this::allocate, null);
    Thread thread = new Thread(waiting);
    whileTaken(
        pools(pool -> true),
        () -> {
          thread.start();
          TestThreads.await("it waits", () -> isWaiting(thread));
        });
    waiting.get();
    assertThat(buffers).hasSize(1);
  }

  @Test
  void aThreadThatHoldsALaneNeverWaitsForAnother() throws Exception {
    allocate();
    BlockPool inHand = pools(pool -> pool.leasedBytes() == 0).get(0); // not of its own stripe
    inHand.ownership().lock().lock();
    try {
      whileTaken(pools(pool -> pool != inHand), () -> buffers.add(guard.allocator().buffer(64)));
    } finally {
      inHand.ownership().lock().unlock();
    }
    assertThat(inHand.leasedBytes()).isPositive();
  }

  @Test
  void aResetEndsTheRequestInEveryLane() throws Exception {
    useTwoLanes();
    TestThreads.run(loop, arena::reset);
    assertThat(arena.metric().allocatedBytes()).isEqualTo(128);
    assertThat(arena.metric().stragglers()).isEqualTo(2);
    assertThat(TestThreads.call(loop, arena::dump)).contains("request 1").contains("blocks: 2");
    assertThat(TestThreads.call(loop, () -> arena.survivors(10))).hasSize(2);

    whileTaken(leasing().subList(0, 1), this::allocate);
    whileTaken(leasing().subList(1, 2), this::allocate);
    assertThat(arena.metric().stragglers()).as("of request 1, not of 2").isEqualTo(2);

    releaseAll();
    TestThreads.run(loop, arena::reset);
    assertThat(arena.metric().leasedBlocks()).isZero();
    assertThat(arena.metric().chargedBytes()).isZero();
  }

  @Test
  void aCloseClosesEveryLane() throws Exception {
    useTwoLanes();
    releaseAll();
    TestThreads.run(loop, arena::close);
    assertThat(arena.metric().leasedBlocks()).isZero();
    allocate();
    whileTaken(leasing(), this::allocate);
    assertThat(arena.metric().leasedBlocks()).as("the shared allocator serves").isZero();
  }

  @Test
  void withABudgetAThreadThatFindsTheLaneLockedWaitsAndIsNotRefused() throws Exception {
    ArenaByteBufAllocator little =
        guard.another(ArenaByteBufAllocator.builder().minBlockSize(BLOCK).hardBudget(BLOCK));
    ConnectionArena poor = little.newConnectionArena(loop);
    buffers.add(poor.directBuffer(64));
    List<BlockPool> leasing = new ArrayList<>();
    little.pools().forEachPool(leasing::add);
    leasing.removeIf(pool -> pool.leasedBytes() == 0);
    FutureTask<ByteBuf> waiting = new FutureTask<>(() -> poor.directBuffer(64));
    Thread thread = new Thread(waiting);
    whileTaken(
        leasing,
        () -> {
          thread.start();
          TestThreads.await("it waits", () -> isWaiting(thread));
        });
    buffers.add(waiting.get());
    assertThat(poor.metric().chargedBytes()).isEqualTo(BLOCK);
    releaseAll();
    TestThreads.run(loop, poor::close);
  }

  @Test
  void allocationMakesNoGarbage() {
    allocateAndRelease();
    assertThat(thread.getCurrentThreadAllocatedBytes()).isPositive(); // its first call allocates
    assertThat(LongStream.generate(this::garbageOfAllocations).limit(5)).contains(0L);
  }

  /** The garbage of many allocations; the JVM's own, of compiling or linking, comes once. */
  private long garbageOfAllocations() {
    long before = thread.getCurrentThreadAllocatedBytes();
    allocateAndRelease();
    return thread.getCurrentThreadAllocatedBytes() - before;
  }

  private void allocateAndRelease() {
    for (int i = 0; i < 200; i++) {
      arena.directBuffer(64 << i % 5).release();
      arena.heapBuffer(64 << i % 5).release();
    }
  }
}
