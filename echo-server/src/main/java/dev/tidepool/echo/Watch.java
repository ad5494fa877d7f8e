package dev.tidepool.echo;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What shows a server's figures in the terminal while it runs. */
interface Watch extends AutoCloseable {
  /** Shows nothing. */
  Watch NONE = () -> {};

  /** Completes when its user wants the command to end. */
  default CompletionStage<Void> ended() {
    return new CompletableFuture<>();
  }

  @Override
  void close() throws IOException;
}
