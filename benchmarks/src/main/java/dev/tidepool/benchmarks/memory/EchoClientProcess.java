package dev.tidepool.benchmarks.memory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A running {@link EchoClient}, seen from the server's process. Closing it disconnects it. */
final class EchoClientProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private EchoClientProcess(Process process) {
    this.process = process;
    this.output = process.inputReader();
  }

  /**
   * @param seconds for which each connection keeps {@code inFlight} messages in flight; 0: each
   *     goes once
   */
  static EchoClientProcess start(int port, int connections, int inFlight, int seconds)
      throws IOException {
    List<Object> arguments = List.of(port, connections, inFlight, seconds);
    return new EchoClientProcess(
        new ProcessBuilder(Jvm.current().command(EchoClient.class, Jvm.SMALL_HEAP, arguments))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  void awaitConnected() throws IOException {
    awaitLine(EchoClient.CONNECTED);
  }

  /** How many messages came back. */
  long awaitEchoed() throws IOException {
    return Long.parseLong(awaitLine(EchoClient.ECHOED));
  }

  /** Whether the next line is there to be read. */
  boolean hasSpoken() {
    try {
      return output.ready();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rest of the next line. This process is ended from outside if it waits too long. */
  private String awaitLine(String start) throws IOException {
    String line = output.readLine();
    if (line == null || !line.startsWith(start)) {
      throw new IOException("client said: %s (expected: %s)".formatted(line, start));
    }
    return line.substring(start.length());
  }

  @Override
  public void close() {
    process.destroy();
  }
}
