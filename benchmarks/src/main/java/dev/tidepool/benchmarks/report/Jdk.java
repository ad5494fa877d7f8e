package dev.tidepool.benchmarks.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Java that measures.
 *
 * @param executable its {@code java}
 * @param version in its own words
 */
record Jdk(Path executable, int feature, String version) {
  private static final Pattern PROPERTY = Pattern.compile("(?m)^\\s*(\\S+) = (.*)$");

  /**
   * @param path of the {@code java} executable, or of the JDK around it
   */
  static Jdk at(Path path) throws IOException, InterruptedException {
    Path within = path.resolve("bin").resolve("java");
    Path executable = Files.isExecutable(within) ? within : path;
    String said = say(executable);
    String feature = property(said, "java.specification.version");
    return new Jdk(
        executable,
        Integer.parseInt(feature),
        "%s %s (%s)"
            .formatted(
                property(said, "java.vm.name"),
                property(said, "java.vm.version"),
                property(said, "java.vendor")));
  }

  static Jdk current() throws IOException, InterruptedException {
    return at(Path.of(System.getProperty("java.home")));
  }

  private static String say(Path executable) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(executable.toString(), "-XshowSettings:properties", "-version")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("jvm: %s (expected: one that runs): %s".formatted(executable, said));
    }
    return said;
  }

  private static String property(String said, String name) {
    Matcher line = PROPERTY.matcher(said);
    while (line.find()) {
      if (line.group(1).equals(name)) {
        return line.group(2).strip();
      }
    }
    throw new IllegalStateException("property: " + name + " (expected: in " + said + ")");
  }
}
