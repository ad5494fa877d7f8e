package dev.tidepool.benchmarks.report;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/**
 * The directory of raw results. Each JDK has files of its own, so that several lie side by side:
 *
 * <pre>
 *   jmh-SUITE-LEAK_DETECTION-jdkN.json   as JMH writes it, but for where on its machine java lies
 *   memory-SUITE-jdkN.json               as the memory suites write it
 *   run-SUITE-jdkN.json                  when, how and on what; what failed
 * </pre>
 */
final class ResultFiles {
  private static final Pattern OF_JDK = Pattern.compile("(?:jmh|memory)-.*-jdk(\\d+)\\.json");
  private static final JSON PRETTY = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT);

  private final Path directory;

  ResultFiles(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  /** The directory around this one, where the report goes. */
  Path above() {
    Path parent = directory.toAbsolutePath().normalize().getParent();
    return parent == null ? directory : parent;
  }

  void create() throws IOException {
    Files.createDirectories(directory);
  }

  // JMH

  void write(JmhSuite suite, LeakDetection level, int jdk, Collection<RunResult> results)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
    }
    List<Object> json = JSON.std.listOfFrom(Object.class, bytes.toString(StandardCharsets.UTF_8));
    json.forEach(result -> correct((Map<?, ?>) result));
    Files.writeString(jmh(suite, level, jdk), PRETTY.asString(json) + "\n");
  }

  /**
   * JMH was asked for one fork at a time, and where java lies on the machine is nobody's business.
   */
  @SuppressWarnings("unchecked") // a JSON object
  static void correct(Map<?, ?> result) {
    Map<String, Object> fields = (Map<String, Object>) result;
    fields.put("jvm", "java");
    if (fields.get("primaryMetric") instanceof Map<?, ?> metric
        && metric.get("rawData") instanceof List<?> forks) {
      fields.put("forks", forks.size());
    }
  }

  Optional<SuiteResults> read(JmhSuite suite, LeakDetection level, int jdk) throws IOException {
    Path file = jmh(suite, level, jdk);
    return Files.exists(file)
        ? Optional.of(new SuiteResults(suite, level, jdk, list(file)))
        : Optional.empty();
  }

  private Path jmh(JmhSuite suite, LeakDetection level, int jdk) {
    return directory.resolve("jmh-%s-%s-jdk%d.json".formatted(suite, level, jdk));
  }

  // Memory

  Optional<List<?>> readMemory(String suite, int jdk) throws IOException {
    Path file = directory.resolve("memory-%s-jdk%d.json".formatted(suite, jdk));
    return Files.exists(file) ? Optional.of(list(file)) : Optional.empty();
  }

  // How it came about

  void write(String suite, int jdk, RunRecord run) throws IOException {
    Files.writeString(run(suite, jdk), PRETTY.asString(run.toJson()) + "\n");
  }

  Optional<RunRecord> readRun(String suite, int jdk) throws IOException {
    Path file = run(suite, jdk);
    return Files.exists(file) ? Optional.of(RunRecord.fromJson(map(file))) : Optional.empty();
  }

  private Path run(String suite, int jdk) {
    return directory.resolve("run-%s-jdk%d.json".formatted(suite, jdk));
  }

  /** The JDKs that measured anything, the oldest first. */
  SortedSet<Integer> jdks() throws IOException {
    SortedSet<Integer> jdks = new TreeSet<>();
    if (!Files.isDirectory(directory)) {
      return jdks;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Matcher name = OF_JDK.matcher(String.valueOf(file.getFileName()));
        if (name.matches()) {
          jdks.add(Integer.valueOf(name.group(1)));
        }
      }
    }
    return jdks;
  }

  private static List<?> list(Path file) throws IOException {
    return new ArrayList<>(JSON.std.listOfFrom(Object.class, Files.readString(file)));
  }

  private static Map<?, ?> map(Path file) throws IOException {
    return JSON.std.mapFrom(Files.readString(file));
  }
}
