package dev.tidepool.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes RESULTS.md, from nothing but the files of results. */
final class ResultsPage {
  private static final String COMMAND =
      "java -cp benchmarks/target/benchmarks.jar dev.tidepool.benchmarks.report.Report";

  private static final String INTRODUCTION =
      """
      # Results

      Written by the report command from the JSON in `results/`; nothing here is written by hand.

          mvn -q -DskipTests package
          %1$s run           # all of it, an hour and a quarter
          %1$s run --quick   # a few minutes; proves nothing
          %1$s write         # this page anew, from the JSON that is there

      **How to read it.** Times are means with 95 %% confidence intervals. What counts as one
      observation is the median of the iterations of a fork, a JVM of its own: iterations of one JVM
      share its compiled code and are not independent. The intervals of times are Student's; those of
      ratios, in square brackets, are Welch's on the logarithms of the forks' medians. Forks of all
      allocators take turns, round by round. A ratio says how many times as fast (or, of memory, as
      little) Tidepool is as the other: below 1, Tidepool loses. `met` and **missed** are beyond the
      interval; `met?` and **missed?** are not. Where a suite has a benchmark that does the same work
      without an allocator, or in the least one that has the same duties, `the limit there` is how far
      ahead of the other that is: further than that Tidepool cannot be. `connection` is a
      connection's arena with resets; `arena` is the shared allocator; the others are Netty's. Each
      has its own defaults, and all have the same JVM, heap and threads; but for OffLoop and the echo
      these are event-loop threads.
      """;

  private final ResultFiles files;

  ResultsPage(ResultFiles files) {
    this.files = files;
  }

  /** Where it was written. */
  Path write() throws IOException {
    Path page = files.above().resolve("RESULTS.md");
    Path charts = files.above().resolve("charts");
    StringBuilder text = new StringBuilder(INTRODUCTION.formatted(COMMAND));
    for (int jdk : files.jdks()) {
      text.append('\n').append(jdk(jdk, charts));
    }
    Files.writeString(page, text);
    return files.directory().resolveSibling("RESULTS.md");
  }

  private String jdk(int jdk, Path charts) throws IOException {
    List<JmhSection> jmh = jmhSections(jdk);
    List<MemorySection> memory = memorySections(jdk);
    StringBuilder text = new StringBuilder();
    text.append("## JDK ").append(jdk).append("\n\n");
    text.append(new RunsSection(runs(jdk)).markdown());
    text.append("\n### Targets\n\n").append(new SummarySection(jmh, memory).markdown());
    text.append("\n### Where Tidepool loses\n\n").append(new LosesSection(jmh, memory).markdown());
    text.append(new DesignSection(jdk, jmh).markdown());
    for (JmhSuite suite : JmhSuite.values()) {
      text.append(suite(suite, jmh, charts));
    }
    for (MemorySection section : memory) {
      MemorySuite suite = section.results().suite();
      text.append("\n### %s\n\n%s\n\n".formatted(suite.title(), suite.question()));
      text.append(section.markdown());
    }
    return text.toString();
  }

  private static String suite(JmhSuite suite, List<JmhSection> sections, Path charts)
      throws IOException {
    StringBuilder text = new StringBuilder();
    for (JmhSection section : sections) {
      if (section.results().suite() == suite) {
        text.append(text.isEmpty() ? heading(suite) : "").append(section.markdown(charts));
      }
    }
    return text.toString();
  }

  private static String heading(JmhSuite suite) {
    return "\n### %s\n\n%s\n\n".formatted(suite.title(), suite.operation());
  }

  private List<JmhSection> jmhSections(int jdk) throws IOException {
    List<JmhSection> sections = new ArrayList<>();
    for (JmhSuite suite : JmhSuite.values()) {
      for (LeakDetection level : LeakDetection.values()) {
        files.read(suite, level, jdk).map(JmhSection::new).ifPresent(sections::add);
      }
    }
    return sections;
  }

  private List<MemorySection> memorySections(int jdk) throws IOException {
    List<MemorySection> sections = new ArrayList<>();
    for (MemorySuite suite : MemorySuite.values()) {
      files
          .readMemory(suite.toString(), jdk)
          .map(json -> new MemorySection(new MemoryResults(suite, json)))
          .ifPresent(sections::add);
    }
    return sections;
  }

  private List<RunsSection.Run> runs(int jdk) throws IOException {
    List<RunsSection.Run> runs = new ArrayList<>();
    List<String> suites =
        Stream.concat(
                Stream.of(JmhSuite.values()).map(JmhSuite::toString), MemorySuite.names().stream())
            .toList();
    for (String suite : suites) {
      Optional<RunRecord> run = files.readRun(suite, jdk);
      run.ifPresent(record -> runs.add(new RunsSection.Run(suite, record)));
    }
    return runs;
  }
}
