package dev.tidepool.echo.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A command in a process of its own. */
public class EchoProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader standardOutput;
  private final Path standardError;
  private final StringBuilder output = new StringBuilder();

  private EchoProcess(Process process, Path standardError) {
    this.process = process;
    this.standardOutput = process.inputReader();
    this.standardError = standardError;
  }

  /** Goes on with what {@code launched} is. */
  protected EchoProcess(EchoProcess launched) {
    this(launched.process, launched.standardError, launched.standardOutput);
  }

  private EchoProcess(Process process, Path standardError, BufferedReader standardOutput) {
    this.process = process;
    this.standardOutput = standardOutput;
    this.standardError = standardError;
  }

  /** Launches the process and does not wait for anything. */
  public static EchoProcess launch(List<String> jvmOptions, List<String> arguments)
      throws IOException {
    return start(java(jvmOptions, System.getProperty("java.class.path"), arguments));
  }

  /** Launches a process that may have no more than so many files open. */
  public static EchoProcess launchWithFiles(int files, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("sh", "-c", "ulimit -n " + files + " && exec \"$@\"", "sh"));
    command.addAll(java(List.of(), ClassPathJars.path(), arguments));
    return start(command);
  }

  private static List<String> java(
      List<String> jvmOptions, String classPath, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.add("--enable-native-access=ALL-UNNAMED"); // as the executable jar's manifest says
    command.addAll(List.of("-Xmx256m", "-cp", classPath));
    command.add("dev.tidepool.echo.TidepoolEcho");
    command.addAll(arguments);
    return command;
  }

  private static EchoProcess start(List<String> command) throws IOException {
    Path errors = Files.createTempFile("echo", ".err");
    return new EchoProcess(
        new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
  }

  /** The next line of the standard output; null at its end. */
  public String nextLine() throws IOException {
    String line = standardOutput.readLine();
    output.append(line).append('\n');
    return line;
  }

  /** Reads the standard output to the first line that contains {@code part}. */
  public void awaitLine(String part) throws IOException {
    awaitLine(Pattern.compile(Pattern.quote(part)));
  }

  /** Reads the standard output to the first line in which {@code pattern} is found. */
  public void awaitLine(Pattern pattern) throws IOException {
    String line = "";
    while (line != null && !pattern.matcher(line).find()) {
      line = nextLine();
    }
    assertThat(line).as("a line with '%s' in%n%s%n%s", pattern, output, errors()).isNotNull();
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
