package dev.tidepool.echo;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Turns SIGTERM and SIGINT into an orderly end: the command stops what it runs and prints its
 * summary, then the process ends.
 */
final class ShutdownSignal {
  private final CompletableFuture<Void> requested = new CompletableFuture<>();
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private volatile boolean heeded;

  /** Installs a shutdown hook, which waits for {@link #done}. */
  void listen() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::endProcess, "shutdown-signal"));
  }

  /**
   * While a signal is handled only halt ends the process with a chosen exit code. A command that
   * was interrupted leaves the code to the virtual machine: 128 plus the signal's number.
   */
  private void endProcess() {
    if (!heeded) {
      return; // no command waits for a signal yet
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

  /**
   * Completes when there is a signal. From now on the process ends after the command, not before.
   */
  CompletionStage<Void> requested() {
    heeded = true;
    return requested;
  }

  /** The command has ended and has printed its summary. */
  void done(int code) {
    exitCode.complete(code);
  }
}
