package dev.tidepool.echo.live.http;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The page's one thread for what takes longer than an event loop should: walks over all
 * connections, the text of all meters. One at a time, however many viewers ask.
 */
final class PageWorker implements AutoCloseable {
  private static final int WAITING = 64;
  private static final long PATIENCE_SECONDS = 2;

  private final ThreadPoolExecutor executor =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING),
          new DefaultThreadFactory("live-page-worker", true));

  /** An endpoint whose answers are made here. */
  Endpoint endpoint(Function<PageRequest, Answer> answer) {
    return request -> run(() -> answer.apply(request));
  }

  /**
   * Runs {@code work} when what came before is done.
   *
   * @throws RefusedException if too much is waiting
   */
  <T> CompletionStage<T> run(Supplier<T> work) {
    try {
      return CompletableFuture.supplyAsync(work, executor);
    } catch (RejectedExecutionException e) {
      throw RefusedException.busy(
          "the page's server has " + WAITING + " requests waiting; try later");
    }
  }

  /** Runs {@code chore} when what came before is done, or not at all if too much is waiting. */
  boolean runIfRoom(Runnable chore) {
    try {
      executor.execute(chore);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Interrupts what runs, and waits for its end, so that the caller may take over its state. */
  @Override
  public void close() {
    executor.shutdownNow();
    try {
      var unused = executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
