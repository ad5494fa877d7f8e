package dev.tidepool.echo;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Turns SIGTERM and SIGINT into an orderly end: the command that is told of them stops what it runs
 * and tells what it measured, and then the process ends.
 */
final class ShutdownSignal {
  private final CompletableFuture<Void> requested = new CompletableFuture<>();
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private volatile boolean heeded;

  /** Listens to the process's signals. From here on {@link #done} must be called in the end. */
  void listen() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::endProcess, "shutdown-signal"));
  }

  /**
   * Only halt ends a process with an exit code of its own while a signal is being served. A command
   * that was broken off leaves it to the virtual machine: 128 and the signal's number.
   */
  private void endProcess() {
    if (!heeded) {
      return; // nothing runs yet that has anything to tell
    }
    request();
    int code = exitCode.join();
    if (code != EchoExit.INTERRUPTED) {
      Runtime.getRuntime().halt(code);
    }
  }

  void request() {
    requested.complete(null);
  }

  /** Completes when there is a signal, which ends the process only after the command's end. */
  CompletionStage<Void> requested() {
    heeded = true;
    return requested;
  }

  /** Waits for a signal. */
  void await() {
    heeded = true;
    requested.join();
  }

  /** The command has ended, and told all that it had to tell. */
  void done(int code) {
    exitCode.complete(code);
  }
}
