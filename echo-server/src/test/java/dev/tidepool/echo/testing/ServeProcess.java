package dev.tidepool.echo.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code serve} in a process of its own, on any free port. */
public final class ServeProcess implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+): ");

  private final Process process;
  private final BufferedReader standardOutput;
  private final Path standardError;
  private final StringBuilder output = new StringBuilder();
  private String port = "";

  private ServeProcess(Process process, Path standardError) {
    this.process = process;
    this.standardOutput = process.inputReader();
    this.standardError = standardError;
  }

  /** Launches the process and does not wait for anything. */
  public static ServeProcess launch(List<String> jvmOptions, String... options) throws IOException {
    Path errors = Files.createTempFile("serve", ".err");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.tidepool.echo.TidepoolEcho", "serve"));
    if (!List.of(options).contains("--port")) {
      command.addAll(List.of("--port", "0"));
    }
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    return new ServeProcess(process, errors);
  }

  /** Launches the process and waits until it listens. */
  public static ServeProcess start(List<String> jvmOptions, String... options) throws IOException {
    ServeProcess serve = launch(jvmOptions, options);
    String line = serve.standardOutput.readLine();
    serve.output.append(line).append('\n');
    Matcher matcher = LISTENING.matcher(String.valueOf(line));
    assertThat(matcher.find()).as("'%s' tells the port; %s", line, serve.errors()).isTrue();
    serve.port = matcher.group(1);
    return serve;
  }

  public String port() {
    return port;
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
  }

  /** Sends a signal and waits for the exit code. */
  public int signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
    return exitCode();
  }

  /** Waits for the process to end by itself. */
  public int exitCode() throws IOException, InterruptedException {
    boolean ended = process.waitFor(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(ended).as("the process has ended").isTrue();
    standardOutput.lines().forEach(line -> output.append(line).append('\n'));
    return process.exitValue();
  }

  /** Standard output, complete once the process has ended. */
  public String output() {
    return output.toString();
  }

  public String errors() throws IOException {
    return Files.readString(standardError);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(standardError);
  }
}
