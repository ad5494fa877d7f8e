package dev.tidepool.benchmarks.memory;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tidepool.benchmarks.LoopbackServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A running client, seen from the server's process. Closing it disconnects it. */
public final class ClientProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ClientProcess(Process process) {
    this.process = process;
    this.output = process.inputReader();
  }

  static ClientProcess start(LoopbackServer server, Talk talk) throws IOException {
    return start(server.address().getPort(), talk);
  }

  /** Talks to a server on the loopback. */
  public static ClientProcess start(int port, Talk talk) throws IOException {
    return start(EchoClient.class, List.of(port, JSON.std.asString(talk)));
  }

  /** On the class path of this process, with its Java. */
  public static ClientProcess start(Class<?> client, List<?> arguments) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of(java, "-Xmx512m", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), client.getName()));
    arguments.forEach(each -> command.add(each.toString()));
    return new ClientProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  public void awaitConnected() throws IOException {
    String line = awaitLine();
    if (!line.equals(EchoClient.CONNECTED)) {
      throw new IOException("client said: %s (expected: it is connected)".formatted(line));
    }
  }

  /** Has it talk for a while. */
  public void talk(long millis) throws IOException {
    Writer input = process.outputWriter();
    input.write(millis + "\n");
    input.flush();
  }

  /** How many messages came back. */
  public long awaitEchoed() throws IOException {
    return (long) awaitFigures()[0];
  }

  /** All that it says of its messages. */
  double[] awaitFigures() throws IOException {
    return Arrays.stream(awaitLine().split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  /** Whether the next line is there to be read. */
  boolean hasSpoken() {
    try {
      return output.ready();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String awaitLine() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new IOException("client: has ended (expected: that it says something)");
    }
    return line;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
