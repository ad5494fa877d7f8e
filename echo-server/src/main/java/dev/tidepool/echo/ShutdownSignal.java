package dev.tidepool.echo;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * Turns SIGTERM and SIGINT into an orderly end: the waiting command goes on and stops what it runs,
 * and the process ends with the command's own exit code once it is done.
 */
final class ShutdownSignal {
  private final CountDownLatch requested = new CountDownLatch(1);
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

  /** Listens to the process's signals. From here on {@link #done} must be called in the end. */
  void listen() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::endProcess, "shutdown-signal"));
  }

  /** Only halt ends a process with an exit code of its own while a signal is being served. */
  private void endProcess() {
    request();
    Runtime.getRuntime().halt(exitCode.join());
  }

  void request() {
    requested.countDown();
  }

  void await() throws InterruptedException {
    requested.await();
  }

  void done(int code) {
    exitCode.complete(code);
  }
}
