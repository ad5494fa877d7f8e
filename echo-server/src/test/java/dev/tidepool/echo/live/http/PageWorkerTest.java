package dev.tidepool.echo.live.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The page's worker refuses what is too much, and is still when it is closed. */
class PageWorkerTest {
  private final CountDownLatch never = new CountDownLatch(1);

  private boolean block() {
    try {
      never.await();
    } catch (InterruptedException e) {
      return true; // the worker is closed
    }
    return false;
  }

  @Test
  void aChoreThatHasNoRoomIsLeftOutWithoutAnException() {
    try (PageWorker worker = new PageWorker()) {
      for (int i = 0; i < 65; i++) { // one runs, the others wait
        worker.run(this::block);
      }
      assertThatThrownBy(() -> worker.run(this::block)).isInstanceOf(RefusedException.class);
      assertThat(worker.runIfRoom(this::block)).isFalse();
      never.countDown();
    }
  }

  @Test
  void aChoreRunsWhenThereIsRoom() {
    try (PageWorker worker = new PageWorker()) {
      CompletableFuture<Void> ran = new CompletableFuture<>();
      assertThat(worker.runIfRoom(() -> ran.complete(null))).isTrue();
      assertThat(ran).succeedsWithin(Duration.ofSeconds(10));
    }
  }

  @Test
  void nothingRunsAfterTheClose() {
    CompletableFuture<Void> begun = new CompletableFuture<>();
    AtomicBoolean ended = new AtomicBoolean();
    try (PageWorker worker = new PageWorker()) {
      worker.run(
          () -> {
            begun.complete(null);
            boolean interrupted = block();
            long end = System.nanoTime() + Duration.ofMillis(50).toNanos();
            while (System.nanoTime() < end) {
              Thread.onSpinWait(); // takes its time to end
            }
            ended.set(true);
            return interrupted;
          });
      assertThat(begun).succeedsWithin(Duration.ofSeconds(10));
    }
    assertThat(ended).isTrue();
  }
}
