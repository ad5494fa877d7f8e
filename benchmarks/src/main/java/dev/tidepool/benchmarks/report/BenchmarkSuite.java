package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.LeakDetection;
import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** A suite, as its class declares it. */
record BenchmarkSuite(Class<?> type) {
  /** The suites about memory, whose benchmarks run once in each JVM. */
  static final String MEMORY = "memory";

  /** Where the suites about a whole server are. */
  private static final String SERVER = ".server";

  private static final Comparator<BenchmarkSuite> MEMORY_LAST =
      Comparator.comparing(BenchmarkSuite::isOfMemory).thenComparing(BenchmarkSuite::name);

  /** Those of all benchmarks that JMH knows. */
  static List<BenchmarkSuite> all() {
    return entries().stream()
        .map(entry -> outermost(entry.getUserClassQName()))
        .distinct()
        .filter(type -> type.isAnnotationPresent(Suite.class))
        .map(BenchmarkSuite::new)
        .sorted(MEMORY_LAST)
        .toList();
  }

  private static List<BenchmarkListEntry> entries() {
    OutputFormat silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    return List.copyOf(BenchmarkList.defaultList().find(silent, List.of(".*"), List.of()));
  }

  /** JMH names a nested class with a dot before it, as source code does. */
  private static Class<?> outermost(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      return outermost(name.substring(0, name.lastIndexOf('.')));
    }
  }

  Suite declared() {
    return type.getAnnotation(Suite.class);
  }

  List<Target> targets() {
    return List.of(type.getAnnotationsByType(Target.class));
  }

  boolean isOfMemory() {
    return type.getPackageName().endsWith('.' + MEMORY);
  }

  /** Whether a JVM runs a benchmark once, and its time is no figure. */
  boolean isSingleShot() {
    return isOfMemory() || type.getPackageName().endsWith(SERVER);
  }

  /** The levels of leak detection to run at: in single shots only Netty's default. */
  List<LeakDetection> levels() {
    return isSingleShot() ? List.of(LeakDetection.DEFAULT) : List.of(LeakDetection.values());
  }

  /** Whether the time of an operation is one of the figures. */
  boolean isTimed() {
    return declared().isTimed() && !isSingleShot();
  }

  /** As files and the command line call it. */
  String name() {
    return type.getSimpleName()
        .replaceFirst("Benchmark$", "")
        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }

  /** The benchmarks' names within the suite, with their parameters' values. */
  Map<String, Map<String, String[]>> benchmarks() {
    return entries().stream()
        .filter(entry -> outermost(entry.getUserClassQName()).equals(type))
        .collect(
            Collectors.toMap(
                entry -> within(entry.getUsername()),
                entry -> entry.getParams().orElse(Map.of()),
                (one, other) -> one,
                TreeMap::new));
  }

  /** What JMH calls a benchmark, without what this suite's all have in common. */
  String within(String benchmark) {
    return benchmark.substring(type.getName().length() + 1);
  }

  /** The regular expression by which JMH finds the benchmarks. */
  String include(boolean quick) {
    String[] methods = declared().quickMethods();
    String method = quick && methods.length > 0 ? String.join("|", methods) : "\\w+";
    return "^%s\\.(\\w+\\.)?(%s)$".formatted(Pattern.quote(type.getName()), method);
  }

  /** What a quick run leaves of the parameters. */
  Map<String, String[]> quickParameters() {
    return List.of(declared().quick()).stream()
        .map(each -> each.split("=", 2))
        .collect(Collectors.toMap(each -> each[0], each -> each[1].split(",", -1)));
  }
}
