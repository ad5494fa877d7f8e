package dev.tidepool.allocator;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** CONTRIBUTING's table of rules: its files exist, and no class of memory is missing. */
class ContributingTest {
  private static final Path PROJECT = Path.of("..");
  private static final Pattern ROW = Pattern.compile("^\\| [^|]+ \\| ([^|]+) \\|$");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  private static Set<String> named = Set.of();
  private static Set<String> classes = Set.of();

  @BeforeAll
  static void read() throws IOException {
    named = new TreeSet<>();
    for (String line : Files.readAllLines(PROJECT.resolve("CONTRIBUTING.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        NAME.matcher(row.group(1)).results().forEach(name -> named.add(name.group(1)));
      }
    }
    classes =
        Stream.of("allocator", "echo-server", "benchmarks")
            .flatMap(ContributingTest::sources)
            .collect(toSet());
  }

  /** The module's source paths, without {@code .java}, with slashes. */
  private static Stream<String> sources(String module) {
    try (Stream<Path> files = Files.walk(PROJECT.resolve(module).resolve("src"))) {
      return files
          .map(file -> file.toString().replace('\\', '/'))
          .filter(file -> file.endsWith(".java"))
          .map(file -> file.substring(0, file.length() - ".java".length()))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyFileThatTheTableNamesExists() {
    assertThat(named).hasSizeGreaterThan(20);
    assertThat(named).allSatisfy(name -> assertThat(classes).anyMatch(file -> isAt(file, name)));
  }

  /**
   * Whether {@code name} names {@code file}: in the library or, with {@code …} for the directories
   * between, in the module it begins with.
   */
  private static boolean isAt(String file, String name) {
    int gap = name.indexOf('…');
    return gap < 0
        ? file.endsWith("/java/dev/tidepool/allocator/" + name)
        : file.contains(name.substring(0, gap)) && file.endsWith(name.substring(gap + 1));
  }

  @Test
  void everyClassOfTheMemoryPackageIsInTheTable() {
    List<String> unnamed =
        classes.stream()
            .filter(file -> file.contains("src/main/java/dev/tidepool/allocator/memory/"))
            .map(file -> "memory/" + file.substring(file.lastIndexOf('/') + 1))
            .filter(name -> !named.contains(name))
            .sorted()
            .toList();
    assertThat(unnamed).as("classes that no rule of the table names").isEmpty();
  }
}
