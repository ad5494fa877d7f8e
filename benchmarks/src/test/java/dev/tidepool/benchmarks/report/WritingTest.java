package dev.tidepool.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.Estimate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tables, figures and charts are written as their readers expect them. */
final class WritingTest {
  @Test
  void tableIsMarkdown() {
    MarkdownTable table = new MarkdownTable(1, List.of("case", "ns")).row(List.of("a|b", "1.5"));
    assertThat(table)
        .hasToString(
            """
            | case | ns |
            | --- | ---: |
            | a\\|b | 1.5 |
            """);
  }

  @Test
  void everyRowHasACellForEachColumn() {
    MarkdownTable table = new MarkdownTable(1, List.of("case", "ns"));
    assertThatThrownBy(() -> table.row(List.of("alone"))).hasMessageContaining("expected: 2");
    assertThat(table.isEmpty()).isTrue();
  }

  @Test
  void figuresHaveThreeDigits() {
    assertThat(Unit.plain(1.234)).isEqualTo("1.23");
    assertThat(Unit.plain(9.999)).isEqualTo("10.0");
    assertThat(Unit.plain(45.67)).isEqualTo("45.7");
    assertThat(Unit.plain(99.96)).isEqualTo("100");
    assertThat(Unit.plain(12345)).isEqualTo("12,345");
  }

  @Test
  void bytesHaveTheirOwnUnits() {
    assertThat(Unit.BYTES.format(512)).isEqualTo("512 B");
    assertThat(Unit.BYTES.format(8192)).isEqualTo("8.00 KiB");
    assertThat(Unit.BYTES.format(1.5 * 1024 * 1024)).isEqualTo("1.50 MiB");
  }

  @Test
  void estimateWithoutAnIntervalHasNoMargin() {
    assertThat(Unit.NANOS.format(new Estimate(5, 4, 6))).isEqualTo("5.00 ± 1.00");
    assertThat(Unit.NANOS.format(new Estimate(5, Double.NaN, Double.NaN))).isEqualTo("5.00");
    assertThat(Unit.ratio(new Estimate(5, 4, 6))).isEqualTo("5.00 [4.00, 6.00]");
    assertThat(Unit.ratio(Estimate.UNKNOWN)).isEmpty();
  }

  @Test
  void chartShowsANamedAllocatorIfThereIsOne() {
    DotPlot plot = new DotPlot("a", Unit.NANOS);
    Map<AllocatorUnderTest, Observations> of =
        Map.of(AllocatorUnderTest.NAMED, new Observations(List.of(List.of(9.0))));
    plot.row(new Row("case", Map.of(), "", "ns", Unit.NANOS, of, Observations.NONE));
    assertThat(plot.toSvg().split("<circle", -1))
        .hasSize(1 + AllocatorUnderTest.values().length + 1);
  }

  @Test
  void chartHasADotForEachFigure() {
    DotPlot plot = new DotPlot("a < b", Unit.NANOS);
    assertThat(plot.isEmpty()).isTrue();
    Map<AllocatorUnderTest, Observations> of =
        Map.of(
            AllocatorUnderTest.CONNECTION, new Observations(List.of(List.of(7.0, 9.0))),
            AllocatorUnderTest.POOLED, new Observations(List.of(List.of(80.0))));
    plot.row(new Row("case", Map.of(), "", "ns", Unit.NANOS, of, Observations.NONE));
    String svg = plot.toSvg();
    int legend = AllocatorUnderTest.always().size();
    assertThat(svg.split("<circle", -1)).hasSize(1 + legend + 2);
    assertThat(svg).contains("a &lt; b", "connection: 8.00 ± 12.7", "pooled: 80.0</title>");
    assertThat(svg).startsWith("<svg").endsWith("</svg>\n").doesNotContain("NaN");
  }
}
