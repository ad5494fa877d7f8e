package dev.tidepool.benchmarks.report;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The Java that measures.
 *
 * @param executable its {@code java}
 * @param version in its own words
 */
record Jdk(Path executable, int feature, String version) {
  /**
   * @param path of the {@code java} executable, or of the JDK around it
   */
  static Jdk at(Path path) throws IOException {
    Path within = path.resolve("bin").resolve("java");
    Path executable = (Files.isExecutable(within) ? within : path).toRealPath();
    Path release = executable.resolve("../../release").normalize();
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(release)) {
      properties.load(in);
    }
    String version = property(properties, "JAVA_VERSION");
    return new Jdk(
        executable,
        Runtime.Version.parse(version).feature(),
        "%s (%s)".formatted(version, property(properties, "IMPLEMENTOR")));
  }

  static Jdk current() throws IOException {
    return at(Path.of(System.getProperty("java.home")));
  }

  private static String property(Properties release, String name) {
    return release.getProperty(name, "unknown").replace("\"", "");
  }
}
