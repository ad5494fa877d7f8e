package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.netty.util.concurrent.UnorderedThreadPoolEventExecutor;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A connection's arena while its event loop ends, and afterwards. */
@Timeout(10)
class EventLoopEndTest {
  @RegisterExtension
  final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder()
              .trimInterval(Duration.ZERO)
              .leakGrace(Duration.ofMillis(1)));

  private final EndingExecutor loop = new EndingExecutor();
  private final ConnectionArena arena = guard.allocator().newConnectionArena(loop);

  /**
   * An event loop that rejects tasks while its thread, with its pool, lives on until {@code end}.
   */
  private static final class EndingExecutor extends SingleThreadEventExecutor {
    final CountDownLatch rejecting = new CountDownLatch(1);
    final CountDownLatch end = new CountDownLatch(1);

    EndingExecutor() {
      super(null, new DefaultThreadFactory(EndingExecutor.class), true);
    }

    @Override
    protected void run() {
      while (!confirmShutdown()) {
        Runnable task = takeTask();
        if (task != null) {
          runTask(task);
        }
      }
    }

    @Override
    protected void cleanup() {
      rejecting.countDown();
      try {
        end.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    void startToEnd() throws InterruptedException {
      shutdownGracefully(0, 0, TimeUnit.SECONDS);
      rejecting.await();
    }

    void end() {
      end.countDown();
      terminationFuture().syncUninterruptibly();
    }
  }

  @Test
  void aCloseThatTheLoopRejectsWaitsForItsEnd() throws Exception {
    AtomicBoolean afterTheEnd = new AtomicBoolean();
    ByteBuf buffer = TestThreads.call(loop, () -> arena.directBuffer(64));
    TestThreads.run(loop, () -> arena.onReset(() -> afterTheEnd.set(loop.isTerminated())));
    loop.startToEnd();
    arena.close();
    loop.end();
    TestThreads.await("the close", () -> guard.allocator().metric().openArenas() == 0);
    assertThat(afterTheEnd).isTrue();
    buffer.release();
    assertThat(guard.allocator().metric().usedDirectMemory()).isZero();
  }

  @Test
  void aLeakIsReportedEvenIfTheLoopEndsWithinTheGrace() throws Exception {
    ByteBuf leaked = TestThreads.call(loop, () -> arena.directBuffer(64));
    TestThreads.run(
        loop,
        () -> {
          loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
          arena.close();
        });
    loop.end();
    TestThreads.await("the report", () -> guard.allocator().metric().leaks() == 1);
    leaked.release();
  }

  @Test
  @SuppressWarnings("deprecation") // the one executor of Netty whose inEventLoop() is always false
  void aResetRunsOnceOnAnExecutorThatNeverSaysInEventLoop() throws Exception {
    EventExecutor unordered = new UnorderedThreadPoolEventExecutor(1);
    try (ConnectionArena elsewhere = guard.allocator().newConnectionArena(unordered)) {
      elsewhere.reset();
      TestThreads.await(
          "the reset", () -> TestThreads.call(unordered, () -> elsewhere.metric().resets()) == 1);
    }
    TestThreads.end(unordered);
  }

  /** Netty removes thread-locals in unspecified order, so there are some before and some after. */
  @Test
  void buffersAllocatedDuringThreadLocalRemovalAreNotLost() {
    for (int i = 0; i < 50; i++) {
      EventExecutor cleaned = new DefaultEventExecutor();
      ArenaByteBufAllocator allocator =
          guard.another(ArenaByteBufAllocator.builder().trimInterval(Duration.ZERO));
      FastThreadLocal<String> other =
          new FastThreadLocal<>() {
            @Override
            protected void onRemoval(String value) {
              allocator.directBuffer(64).release();
            }
          };
      TestThreads.run(
          cleaned,
          () -> {
            other.set("set");
            allocator.directBuffer(64).release();
            FastThreadLocal.removeAll();
          });
      TestThreads.end(cleaned);
    }
    guard.trim(); // then the guard checks what is left
  }
}
