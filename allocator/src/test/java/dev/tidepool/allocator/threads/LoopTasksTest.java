package dev.tidepool.allocator.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.tidepool.allocator.TestThreads;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tasks for an event loop that rejects them. */
class LoopTasksTest {
  private static final int FEWEST = 16;

  private final EventExecutor loop =
      new DefaultEventExecutor(
          null, new DefaultThreadFactory("bounded"), FEWEST, RejectedExecutionHandlers.reject());

  private final CountDownLatch busy = new CountDownLatch(1);

  @AfterEach
  void end() {
    busy.countDown();
    TestThreads.end(loop);
  }

  /** Keeps the loop busy, with a full queue. */
  private void fill() {
    loop.execute(
        () -> {
          try {
            busy.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    for (int tasks = 0; tasks < 1000; tasks++) {
      try {
        loop.execute(() -> {});
      } catch (RejectedExecutionException e) {
        return;
      }
    }
    fail("the queue never filled");
  }

  @Test
  void aTaskThatFindsTheQueueFullRunsLater() throws Exception {
    fill();
    CountDownLatch ran = new CountDownLatch(2);
    LoopTasks.run(loop, ran::countDown);
    LoopTasks.later(loop, ran::countDown, "a connection");
    assertThat(ran.getCount()).isEqualTo(2);
    busy.countDown();
    assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aTaskForALoopThatHasEndedRunsAtOnceOrNotAtAll() {
    TestThreads.end(loop);
    CountDownLatch ran = new CountDownLatch(1);
    LoopTasks.run(loop, ran::countDown);
    TestThreads.await("the task of an ended loop", () -> ran.getCount() == 0);
    LoopTasks.later(loop, () -> fail("runs on no loop"), "a connection");
  }
}
