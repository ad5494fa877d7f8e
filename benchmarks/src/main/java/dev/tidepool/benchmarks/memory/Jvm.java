package dev.tidepool.benchmarks.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A Java virtual machine to start children with, on the class path of this one. */
final class Jvm {
  /**
   * For those that are measured: the whole heap is resident from the start, so RSS is about the
   * rest.
   */
  static final List<String> MEASURED_HEAP =
      List.of(
          "-Xms512m",
          "-Xmx512m",
          "-XX:+AlwaysPreTouch",
          "-XX:+UseG1GC",
          "-XX:MaxDirectMemorySize=4g");

  /** For those that help to measure. */
  static final List<String> SMALL_HEAP = List.of("-Xmx256m", "-XX:+UseSerialGC");

  /** JOL wants to look at sizes and fields; it falls back, with words, where it may not. */
  private static final List<String> ALWAYS =
      List.of(
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:+EnableDynamicAgentLoading",
          "-Djdk.attach.allowAttachSelf=true",
          "-Djol.magicFieldOffset=true",
          "--enable-native-access=ALL-UNNAMED");

  private final Path executable;

  private Jvm(Path executable) {
    this.executable = executable;
  }

  static Jvm current() {
    return at(Path.of(System.getProperty("java.home")));
  }

  /**
   * @param path of the {@code java} executable, or of the JDK around it
   */
  static Jvm at(Path path) {
    Path within = path.resolve("bin").resolve("java");
    return new Jvm(Files.isExecutable(within) ? within : path);
  }

  List<String> command(Class<?> main, List<String> heap, List<?> arguments) {
    List<String> command = new ArrayList<>();
    command.add(executable.toString());
    command.addAll(ALWAYS);
    command.addAll(heap);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    arguments.forEach(each -> command.add(each.toString()));
    return command;
  }

  /**
   * Runs {@code main} and answers what it printed.
   *
   * @return empty if it failed or took too long, and has been ended; it said why on this one's
   *     standard error
   */
  Optional<String> run(Class<?> main, List<String> heap, List<?> arguments, int timeoutSeconds)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("memory-suite", ".json");
    try {
      Process process =
          new ProcessBuilder(command(main, heap, arguments))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .redirectOutput(output.toFile())
              .start();
      return succeeds(process, timeoutSeconds)
          ? Optional.of(Files.readString(output))
          : Optional.empty();
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static boolean succeeds(Process process, int timeoutSeconds) throws InterruptedException {
    if (process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
      return process.exitValue() == 0;
    }
    System.err.printf("ended after %d s%n", timeoutSeconds);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
    return false;
  }

  @Override
  public String toString() {
    return executable.toString();
  }
}
