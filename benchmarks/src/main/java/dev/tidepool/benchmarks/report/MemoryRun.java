package dev.tidepool.benchmarks.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Has the memory suites measure themselves, in a process of their own. */
final class MemoryRun {
  private static final String MAIN = "dev.tidepool.benchmarks.memory.MemorySuites";

  private MemoryRun() {}

  /** What failed, in words. */
  static List<String> measure(List<String> suites, Path results, Jdk jdk, boolean quick, int forks)
      throws IOException, InterruptedException {
    if (!isThere()) {
      return List.of("memory suites: not measured, there is no class " + MAIN);
    }
    Process process =
        new ProcessBuilder(command(suites, results, jdk, quick, forks)).inheritIO().start();
    int exit = process.waitFor();
    return exit == 0
        ? List.of()
        : List.of("memory suites: ended with %d; what failed is missing".formatted(exit));
  }

  private static boolean isThere() {
    return MemoryRun.class.getResource('/' + MAIN.replace('.', '/') + ".class") != null;
  }

  private static List<String> command(
      List<String> suites, Path results, Jdk jdk, boolean quick, int forks) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.addAll(List.of("--results", results.toString()));
    command.addAll(List.of("--jvm", jdk.executable().toString()));
    command.addAll(List.of("--only", String.join(",", suites)));
    command.addAll(List.of("--forks", String.valueOf(forks)));
    if (quick) {
      command.add("--quick");
    }
    return command;
  }
}
