package dev.tidepool.echo.compare;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that is told what to do by lines, and answers in lines of JSON. Any thread may ask it,
 * one at a time. Closing it ends the process.
 */
final class Child implements Closeable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** No phase takes as long: a process that has not answered by then is ended. */
  private static final Duration LONGEST = Duration.ofMinutes(3);

  /** It fails when one of the threads ends meanwhile. */
  private static final int PIN_ATTEMPTS = 5;

  private final String name;
  private final Process process;
  private final PrintStream in;
  private final BufferedReader out;
  private final Path log;

  /**
   * Starts it.
   *
   * @param log to which its standard error is appended
   */
  Child(String name, List<String> command, Path log) throws IOException {
    this.name = name;
    this.log = log;
    this.process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Sends a line. */
  synchronized void tell(String line) {
    in.println(line);
  }

  /** Waits for the next line. */
  synchronized <T> T await(Class<T> type) throws IOException {
    @Nullable String line = readLine();
    if (line == null) {
      throw new IOException(
          "the %s's process has ended (%s); its log is %s".formatted(name, exit(), log));
    }
    return Json.read(type, line);
  }

  private @Nullable String readLine() throws IOException {
    CompletableFuture<Void> alarm =
        CompletableFuture.runAsync(
            process::destroyForcibly,
            CompletableFuture.delayedExecutor(LONGEST.toSeconds(), TimeUnit.SECONDS));
    try {
      return out.readLine();
    } finally {
      alarm.cancel(false);
    }
  }

  private String exit() {
    try {
      return process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          ? "exit " + process.exitValue()
          : "still running";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /** Sends a line and waits for its answer. */
  synchronized <T> T ask(String line, Class<T> type) throws IOException {
    tell(line);
    return await(type);
  }

  /**
   * Pins all its threads, and those that they start.
   *
   * @param cores as {@code taskset} takes them
   */
  void pin(String cores) throws IOException, InterruptedException {
    int exit = 0;
    for (int attempt = 0; attempt < PIN_ATTEMPTS; attempt++) {
      exit = taskset(cores);
      if (exit == 0) {
        return;
      }
    }
    throw new IOException(
        "%s of the %s's process to %s ended with %d, expected 0"
            .formatted(Cores.TASKSET, name, cores, exit));
  }

  private int taskset(String cores) throws IOException, InterruptedException {
    return new ProcessBuilder(Cores.TASKSET, "-a", "-c", "-p", cores, String.valueOf(process.pid()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  @Override
  public void close() {
    in.close(); // the end of its input is its end
    try {
      if (process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
