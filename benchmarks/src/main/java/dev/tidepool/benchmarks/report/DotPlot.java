package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * A chart as SVG: for each case one line, on it a dot for each allocator with its interval, on a
 * logarithmic axis.
 */
final class DotPlot {
  private static final int WIDTH = 900;
  private static final int LEFT = 330;
  private static final int RIGHT = 30;
  private static final int TOP = 64;
  private static final int BOTTOM = 34;
  private static final int ROW = 26;
  private static final int RADIUS = 5;

  private final String title;
  private final Unit unit;
  private final List<Row> rows = new ArrayList<>();

  DotPlot(String title, Unit unit) {
    this.title = title;
    this.unit = unit;
  }

  void row(Row row) {
    rows.add(row);
  }

  boolean isEmpty() {
    return values().count() == 0;
  }

  private DoubleStream values() {
    return rows.stream()
        .flatMap(row -> row.of().values().stream())
        .mapToDouble(observed -> observed.estimate().value())
        .filter(value -> value > 0);
  }

  String toSvg() {
    double step = Math.log(unit.step());
    double low = values().min().orElse(1);
    double high = values().max().orElse(1);
    low = Math.pow(unit.step(), Math.floor(Math.log(low) / step));
    high = Math.pow(unit.step(), Math.floor(Math.log(high) / step) + 1);
    Axis axis = new Axis(low, high);
    StringBuilder svg = new StringBuilder();
    int height = TOP + rows.size() * ROW + BOTTOM;
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" \
        font-family="sans-serif" font-size="12">
        <rect width="100%%" height="100%%" fill="#ffffff"/>
        """
            .formatted(WIDTH, height, WIDTH, height));
    text(svg, 12, 22, "start", title + "; further left is better");
    legend(svg);
    grid(svg, axis, height);
    for (int i = 0; i < rows.size(); i++) {
      row(svg, axis, rows.get(i), TOP + i * ROW + ROW / 2);
    }
    return svg.append("</svg>\n").toString();
  }

  /** Logarithmic. */
  private record Axis(double low, double high) {
    double x(double value) {
      double part =
          (Math.log(Math.max(low, Math.min(value, high))) - Math.log(low))
              / (Math.log(high) - Math.log(low));
      return LEFT + part * (WIDTH - LEFT - RIGHT);
    }
  }

  private static void legend(StringBuilder svg) {
    int x = LEFT;
    for (AllocatorUnderTest allocator : AllocatorUnderTest.values()) {
      dot(svg, x, 42, colour(allocator), allocator.words());
      text(svg, x + 10, 46, "start", allocator.words());
      x += 105;
    }
  }

  private void grid(StringBuilder svg, Axis axis, int height) {
    for (double at = axis.low(); at <= axis.high() * 1.0001; at *= unit.step()) {
      line(svg, axis.x(at), TOP, axis.x(at), height - BOTTOM, "#cccccc", 1);
      text(svg, axis.x(at), height - BOTTOM + 18, "middle", unit.format(at));
    }
  }

  private void row(StringBuilder svg, Axis axis, Row row, int y) {
    line(svg, LEFT, y, WIDTH - RIGHT, y, "#eeeeee", 1);
    text(svg, LEFT - 10, y + 4, "end", row.label());
    row.of().forEach((allocator, observed) -> mark(svg, axis, y, allocator, observed.estimate()));
  }

  private void mark(
      StringBuilder svg, Axis axis, int y, AllocatorUnderTest allocator, Estimate figure) {
    if (figure.value() > 0) {
      String colour = colour(allocator);
      if (figure.hasInterval()) {
        line(svg, axis.x(figure.low()), y, axis.x(figure.high()), y, colour, 2);
      }
      String words = allocator.words() + ": " + unit.format(figure);
      dot(svg, axis.x(figure.value()), y, colour, words);
    }
  }

  /** Told apart by those who do not see all colours, too. */
  private static String colour(AllocatorUnderTest allocator) {
    return switch (allocator) {
      case CONNECTION -> "#0072b2";
      case ARENA -> "#56b4e9";
      case POOLED -> "#d55e00";
      case ADAPTIVE -> "#e69f00";
      case UNPOOLED -> "#999999";
    };
  }

  private static void dot(StringBuilder svg, double x, double y, String colour, String words) {
    add(
        svg,
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%d\" fill=\"%s\"><title>%s</title></circle>%n",
        x,
        y,
        RADIUS,
        colour,
        escaped(words));
  }

  private static void line(
      StringBuilder svg, double x1, double y1, double x2, double y2, String colour, int width) {
    String format = "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"%s\" stroke-width=\"%d\"/>%n";
    add(svg, format, x1, y1, x2, y2, colour, width);
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String words) {
    String format = "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n";
    add(svg, format, x, y, anchor, escaped(words));
  }

  private static void add(StringBuilder svg, String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments));
  }

  private static String escaped(String words) {
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
