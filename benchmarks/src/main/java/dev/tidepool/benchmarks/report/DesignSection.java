package dev.tidepool.benchmarks.report;

import static dev.tidepool.benchmarks.AllocatorUnderTest.ADAPTIVE;
import static dev.tidepool.benchmarks.AllocatorUnderTest.CONNECTION;
import static dev.tidepool.benchmarks.AllocatorUnderTest.POOLED;
import static dev.tidepool.benchmarks.report.LeakDetection.DEFAULT;
import static dev.tidepool.benchmarks.report.LeakDetection.DISABLED;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.RequestBenchmark;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The figures that the design was chosen by, of a throw-away prototype on another machine, beside
 * what the real code measures here.
 */
final class DesignSection {
  private static final Map<String, String> DIRECT_256 = Map.of("direct", "true", "size", "256");
  private static final Map<String, String> FIFO = Map.of("order", "FIFO");

  private static final List<Figure> FIGURES =
      List.of(
          pair(17, DISABLED, CONNECTION, "8.3"),
          pair(17, DISABLED, ADAPTIVE, "31 to 41"),
          pair(17, DISABLED, POOLED, "92 to 109"),
          pair(17, DEFAULT, ADAPTIVE, "66 to 98"),
          pair(17, DEFAULT, POOLED, "134 to 152"),
          pair(25, DISABLED, CONNECTION, "8 to 10"),
          pair(25, DISABLED, ADAPTIVE, "64 to 119"),
          pair(25, DISABLED, POOLED, "112 to 168"),
          request(CONNECTION, "16"),
          request(ADAPTIVE, "49 to 54"),
          request(POOLED, "111 to 120"),
          victim(128, CONNECTION, "50 to 125", "1.3 MB"),
          victim(128, ADAPTIVE, "144 to 149", "3.5 MB"),
          victim(128, POOLED, "121 to 165", "4.2 MB"),
          victim(1024, CONNECTION, "71", "6.6 MB"),
          victim(1024, ADAPTIVE, "95 to 97", "6.0 MB"),
          victim(1024, POOLED, "153 to 175", "8.4 MB"),
          victim(8192, CONNECTION, "102", "46 MB"),
          victim(8192, ADAPTIVE, "387 to 409", "45 MB"),
          victim(8192, POOLED, "363 to 436", "29 MB"));

  private final int jdk;
  private final List<JmhSection> sections;

  DesignSection(int jdk, List<JmhSection> sections) {
    this.jdk = jdk;
    this.sections = sections;
  }

  /**
   * @param parts what the time is to be divided by
   * @param held the prototype's bytes, or nothing
   */
  private record Figure(
      int jdk,
      JmhSuite suite,
      LeakDetection level,
      Map<String, String> parameters,
      AllocatorUnderTest allocator,
      String what,
      int parts,
      String prototype,
      String held) {
    boolean isOf(SuiteResults results) {
      return results.suite() == suite && results.leakDetection() == level;
    }
  }

  private static Figure pair(
      int jdk, LeakDetection level, AllocatorUnderTest allocator, String prototype) {
    String what = "256 B direct allocated and released, " + level.words();
    return new Figure(
        jdk, JmhSuite.ALLOCATE_RELEASE, level, DIRECT_256, allocator, what, 1, prototype, "");
  }

  private static Figure request(AllocatorUnderTest allocator, String prototype) {
    int buffers = RequestBenchmark.BUFFERS;
    String what = "each of a request's %d buffers, FIFO, ".formatted(buffers) + DISABLED.words();
    return new Figure(
        17, JmhSuite.REQUEST, DISABLED, FIFO, allocator, what, buffers, prototype, "");
  }

  private static Figure victim(
      int living, AllocatorUnderTest allocator, String prototype, String held) {
    Map<String, String> parameters =
        Map.of("living", Integer.toString(living), "sizes", "SOCKET_PROXY");
    String what = "random one of %,d replaced, ".formatted(living) + DISABLED.words();
    return new Figure(
        17, JmhSuite.RANDOM_VICTIM, DISABLED, parameters, allocator, what, 1, prototype, held);
  }

  String markdown() {
    MarkdownTable table =
        new MarkdownTable(
            2,
            List.of("what", "allocator", "design, ns", "here, ns", "design, held", "here, held"));
    FIGURES.stream().filter(figure -> figure.jdk() == jdk).flatMap(this::cells).forEach(table::row);
    return table.isEmpty()
        ? ""
        : """

          ### The design's figures

          The design was chosen by a throw-away prototype on another, slower machine (two cores, Netty
          4.2.18 too). The ratios, not the times, are comparable.

          """
            + table;
  }

  private Stream<List<String>> cells(Figure figure) {
    return sections.stream()
        .map(JmhSection::results)
        .filter(figure::isOf)
        .flatMap(results -> cells(figure, results));
  }

  private static Stream<List<String>> cells(Figure figure, SuiteResults results) {
    return results.cases().stream()
        .filter(of -> of.parameters().equals(figure.parameters()))
        .filter(of -> results.of(of, figure.allocator(), Metric.TIME).estimate().isKnown())
        .map(
            of ->
                List.of(
                    figure.what(),
                    Words.name(figure.allocator()),
                    figure.prototype(),
                    Unit.plain(time(figure, results, of)),
                    figure.held(),
                    figure.held().isEmpty() ? "" : held(figure, results, of)));
  }

  private static double time(Figure figure, SuiteResults results, Case of) {
    return results.of(of, figure.allocator(), Metric.TIME).estimate().value() / figure.parts();
  }

  private static String held(Figure figure, SuiteResults results, Case of) {
    return Unit.BYTES.format(results.of(of, figure.allocator(), Metric.HELD).estimate().value());
  }
}
