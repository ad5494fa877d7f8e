package dev.tidepool.benchmarks.memory;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.memory.Suite.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures what each allocator holds: every case of every suite with every allocator in a virtual
 * machine of its own, one after the other. Writes {@code memory-SUITE.json}.
 */
@Command(
    name = "memory-suites",
    description = "Measures the memory that each allocator holds; writes memory-SUITE.json.",
    mixinStandardHelpOptions = true)
public final class MemorySuites implements Callable<Integer> {
  private static final int FULL_SECONDS = 240;
  private static final int QUICK_SECONDS = 60;

  private static final List<AllocatorUnderTest> MOST_TELLING =
      List.of(
          AllocatorUnderTest.CONNECTION, AllocatorUnderTest.POOLED, AllocatorUnderTest.ADAPTIVE);

  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "where the files go (default: ${DEFAULT-VALUE})")
  private Path results = Path.of("benchmarks", "results");

  @Option(names = "--quick", description = "fewer and smaller cases, in about a minute")
  private boolean quick;

  @Option(
      names = "--only",
      paramLabel = "SUITE",
      split = ",",
      description = "of ${COMPLETION-CANDIDATES} (default: all)")
  private List<Suite> only = List.of(Suite.values());

  @Option(
      names = "--allocators",
      paramLabel = "ALLOCATOR",
      split = ",",
      description = "of ${COMPLETION-CANDIDATES} (default: all; quick: three of them)")
  private List<AllocatorUnderTest> allocators = List.of();

  @Option(
      names = "--forks",
      paramLabel = "N",
      description = "JVMs for each case and allocator, in turns; a figure is their median")
  private int forks = 1;

  @Option(
      names = "--jvm",
      paramLabel = "PATH",
      description =
          "of another JDK, or its java executable, to measure on; its version goes into the files' names")
  private @Nullable Path jvmPath;

  private int failures;

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new MemorySuites())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(args));
  }

  /** 0 if every case ran to its end, otherwise 1; what failed is missing in the files. */
  @Override
  public Integer call() throws IOException, InterruptedException {
    Jvm jvm = jvmPath == null ? Jvm.current() : Jvm.at(jvmPath);
    String suffix = jvmPath == null ? "" : "-jdk" + featureVersion(jvm);
    Files.createDirectories(results);
    for (Suite suite : only) {
      Path file = results.resolve("memory-%s%s.json".formatted(suite, suffix));
      List<Map<?, ?>> rows = new ArrayList<>();
      for (int i = 0; i < forks; i++) {
        rows.addAll(run(suite, jvm));
      }
      write(file, Medians.of(rows));
      System.out.println(file);
    }
    return failures == 0 ? 0 : 1;
  }

  private static String featureVersion(Jvm jvm) throws IOException, InterruptedException {
    return jvm.run(ScenarioMain.Version.class, Jvm.SMALL_HEAP, List.of(), QUICK_SECONDS)
        .orElseThrow(() -> new IOException("jvm: " + jvm + " (expected: one that runs)"));
  }

  private List<Map<?, ?>> run(Suite suite, Jvm jvm) throws IOException, InterruptedException {
    List<Map<?, ?>> rows = new ArrayList<>();
    for (Case each : suite.cases(quick)) {
      for (AllocatorUnderTest allocator : allocators()) {
        if (each.allocators().contains(allocator)) {
          rows.addAll(run(suite, each, allocator, jvm));
        }
      }
    }
    return rows;
  }

  private List<AllocatorUnderTest> allocators() {
    if (!allocators.isEmpty()) {
      return allocators;
    }
    return quick ? MOST_TELLING : List.of(AllocatorUnderTest.values());
  }

  private List<Map<?, ?>> run(Suite suite, Case of, AllocatorUnderTest allocator, Jvm jvm)
      throws IOException, InterruptedException {
    System.out.printf("%s, %s: %s%n", suite, of.name(), allocator);
    List<Object> arguments = List.of(suite.name(), of.name(), allocator.name(), quick);
    Optional<String> json =
        jvm.run(
            ScenarioMain.class, Jvm.MEASURED_HEAP, arguments, quick ? QUICK_SECONDS : FULL_SECONDS);
    if (json.isEmpty()) {
      failures++;
      System.err.printf("%s, %s: %s FAILED%n", suite, of.name(), allocator);
      return List.of();
    }
    List<Object> rows = JSON.std.listOfFrom(Object.class, json.get());
    return rows.stream().<Map<?, ?>>map(row -> (Map<?, ?>) row).toList();
  }

  private static void write(Path file, List<?> rows) throws IOException {
    JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).write(rows, file.toFile());
  }
}
