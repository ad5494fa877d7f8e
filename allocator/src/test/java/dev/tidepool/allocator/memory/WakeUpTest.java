package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.FaultyUpstream;
import dev.tidepool.allocator.TestThreads;
import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/** Whatever a pool's owner is asked to do is done. */
class WakeUpTest {
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private boolean fails;
  private final Pools.Host host = new Pools.Host();
  private final BlockPool pool =
      new BlockPool(
          Pools.options(ChecksLevel.OFF, Pools.MUCH),
          new Upstream(new FaultyUpstream()),
          new TrimTimer() {
            @Override
            public void start(BlockPool started) {}

            @Override
            public boolean execute(Runnable task) {
              if (fails) {
                throw new IllegalStateException("no thread");
              }
              return tasks.add(task);
            }
          },
          null);

  private void holdAnEmptyBlock() {
    Arena arena = new Arena(pool, MemoryKind.DIRECT, host);
    pool.ownership().locked(() -> arena.allocateOwned(100, 100).release());
    assertThat(host.charged()).isPositive();
  }

  /** The clock's thread has begun, but waits for the lock that the caller holds. */
  @Test
  void theLocksHolderDoesTheWaitingWork() throws InterruptedException {
    holdAnEmptyBlock();
    pool.makeRoomSoon();
    Thread clock = new Thread(tasks.remove());
    pool.ownership().lock().lock();
    try {
      clock.start();
      TestThreads.await("the clock's thread", () -> pool.ownership().lock().hasQueuedThread(clock));
      assertThat(pool.isAboutToGiveBack()).isTrue();
      pool.catchUp();
      assertThat(host.charged()).isZero();
    } finally {
      pool.ownership().lock().unlock();
    }
    clock.join();
    assertThat(pool.isAboutToGiveBack()).isFalse();
    pool.close();
  }

  @Test
  void anExecutorThatFailsIsAskedAgain() {
    holdAnEmptyBlock();
    fails = true;
    assertThatThrownBy(pool::makeRoomSoon).isInstanceOf(IllegalStateException.class);
    fails = false;
    pool.makeRoomSoon();
    assertThat(tasks).hasSize(1);
    tasks.remove().run();
    assertThat(host.charged()).isZero();
    pool.close();
  }
}
