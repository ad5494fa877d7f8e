package dev.tidepool.benchmarks.memory;

import dev.tidepool.benchmarks.LoopbackServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A running client, seen from the server's process. Closing it disconnects it. */
final class ClientProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ClientProcess(Process process) {
    this.process = process;
    this.output = process.inputReader();
  }

  static ClientProcess start(LoopbackServer server, Talk talk) throws IOException {
    return start(EchoClient.class, talk.arguments(server.address().getPort()));
  }

  /** On the class path of this process, with its Java. */
  static ClientProcess start(Class<?> client, List<?> arguments) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of(java, "-Xmx512m", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), client.getName()));
    arguments.forEach(each -> command.add(each.toString()));
    return new ClientProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  void awaitConnected() throws IOException {
    awaitLine(EchoClient.CONNECTED);
  }

  /** How many messages came back. */
  long awaitEchoed() throws IOException {
    return Long.parseLong(awaitLine(EchoClient.ECHOED));
  }

  /** Has it do something more, and answers what it says of that. */
  String ask(String line) throws IOException {
    Writer input = process.outputWriter();
    input.write(line + '\n');
    input.flush();
    return awaitLine("");
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
