package dev.tidepool.allocator.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.Checks;
import dev.tidepool.allocator.Pools;
import dev.tidepool.allocator.TestThreads;
import dev.tidepool.allocator.UpstreamGuard;
import dev.tidepool.allocator.memory.BlockPool;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests to event loops, whose callers wait, but not again for a loop that did not answer. */
class LoopRequestsTest {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final EventExecutor loop = new DefaultEventExecutor();
  private final LoopRequests requests = new LoopRequests();
  private final AtomicInteger done = new AtomicInteger();
  private final List<ThreadArenas> loops = new ArrayList<>();

  @AfterEach
  void end() {
    TestThreads.end(loop);
  }

  private void open() {
    TestThreads.run(loop, () -> guard.allocator().directBuffer(10).release());
    Pools.forEachOwner(
        guard.allocator(),
        each -> {
          if (each.executor() == loop) {
            loops.add(each);
          }
        });
    assertThat(loops).hasSize(1);
  }

  private void count(BlockPool pool) {
    done.getAndIncrement();
  }

  @Test
  void theActionIsDoneWhenTheCallReturns() {
    open();
    requests.askAndWait(loops, this::count, PATIENCE);
    assertThat(done).hasValue(1);
  }

  /** With a wait for each request this would take a hundred times ten seconds. */
  @Test
  void aLoopThatExceededTheBoundIsNotWaitedForAgainBeforeItAnswers() throws Exception {
    open();
    CountDownLatch handlerEnds = new CountDownLatch(1);
    loop.execute(() -> await(handlerEnds));
    requests.askAndWait(loops, this::count, 1);
    for (int i = 0; i < 100; i++) {
      requests.askAndWait(loops, this::count, PATIENCE);
    }
    assertThat(done).hasValue(0);
    handlerEnds.countDown();
    TestThreads.run(loop, () -> {});
    assertThat(done).as("the one request made").hasValue(1);
    requests.askAndWait(loops, this::count, PATIENCE);
    assertThat(done).hasValue(2);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void lockAndUnlock(ReentrantLock lane) {
    requests.lockServing(lane);
    lane.unlock();
  }

  /** The lane's holder waits for the loop, which waits for the lane. */
  @Test
  void aLoopThatWaitsForALaneServesTheLanesHolder() {
    open();
    ReentrantLock lane = new ReentrantLock();
    lane.lock();
    try {
      loop.execute(() -> lockAndUnlock(lane));
      requests.askAndWait(loops, this::count, PATIENCE);
      assertThat(done).as("done while the lane was held").hasValue(1);
    } finally {
      lane.unlock();
    }
    TestThreads.run(loop, () -> {});
    ByteBuf buffer = TestThreads.call(loop, () -> guard.allocator().directBuffer(10));
    buffer.release();
  }
}
