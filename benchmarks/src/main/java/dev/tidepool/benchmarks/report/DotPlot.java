package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

  private static final String HEAD =
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" \
      font-family="sans-serif" font-size="12">
      <rect width="100%%" height="100%%" fill="#ffffff"/>
      """;

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

  /** Those that are always measured, and what else was. */
  private Set<AllocatorUnderTest> shown() {
    Set<AllocatorUnderTest> shown = AllocatorUnderTest.always();
    rows.forEach(row -> shown.addAll(row.of().keySet()));
    return shown;
  }

  private DoubleStream values() {
    return rows.stream()
        .flatMap(row -> row.of().values().stream())
        .mapToDouble(observed -> observed.estimate().value())
        .filter(value -> value > 0);
  }

  String toSvg() {
    double step = Math.log(unit.step());
    double low = Math.floor(Math.log(values().min().orElse(1)) / step);
    double high = Math.floor(Math.log(values().max().orElse(1)) / step) + 1;
    Axis axis = new Axis(low * step, high * step);
    int bottom = TOP + rows.size() * ROW;
    StringBuilder svg = new StringBuilder();
    svg.append(HEAD.formatted(WIDTH, bottom + BOTTOM, WIDTH, bottom + BOTTOM));
    svg.append(text(12, 22, "start", title + "; further left is better"));
    int x = LEFT;
    for (AllocatorUnderTest allocator : shown()) {
      svg.append(dot(x, 42, allocator, allocator.words()));
      svg.append(text(x + 10, 46, "start", allocator.words()));
      x += 105;
    }
    for (double each = low; each <= high; each++) {
      int at = axis.x(Math.exp(each * step));
      svg.append(line(at, TOP, at, bottom, "#cccccc"));
      svg.append(text(at, bottom + 18, "middle", unit.format(Math.exp(each * step))));
    }
    for (int i = 0; i < rows.size(); i++) {
      row(svg, axis, rows.get(i), TOP + i * ROW + ROW / 2);
    }
    return svg.append("</svg>\n").toString();
  }

  /** From one logarithm to another. */
  private record Axis(double low, double high) {
    int x(double value) {
      double part = (Math.log(value) - low) / (high - low);
      return LEFT + (int) (Math.max(0, Math.min(part, 1)) * (WIDTH - LEFT - RIGHT));
    }
  }

  private void row(StringBuilder svg, Axis axis, Row row, int y) {
    svg.append(line(LEFT, y, WIDTH - RIGHT, y, "#eeeeee"));
    svg.append(text(LEFT - 10, y + 4, "end", row.label()));
    for (AllocatorUnderTest allocator : row.of().keySet()) {
      Estimate figure = row.of(allocator).estimate();
      if (figure.value() > 0) {
        int low = axis.x(figure.hasInterval() ? figure.low() : figure.value());
        int high = axis.x(figure.hasInterval() ? figure.high() : figure.value());
        svg.append(line(low, y, high, y, colour(allocator)));
        String words = allocator.words() + ": " + unit.format(figure);
        svg.append(dot(axis.x(figure.value()), y, allocator, words));
      }
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
      case NAMED -> "#009e73";
    };
  }

  private static String dot(int x, int y, AllocatorUnderTest allocator, String words) {
    return "<circle cx=\"%d\" cy=\"%d\" r=\"5\" fill=\"%s\"><title>%s</title></circle>\n"
        .formatted(x, y, colour(allocator), escaped(words));
  }

  private static String line(int x1, int y1, int x2, int y2, String colour) {
    return "<path d=\"M%d %dL%d %d\" stroke=\"%s\"/>\n".formatted(x1, y1, x2, y2, colour);
  }

  private static String text(int x, int y, String anchor, String words) {
    return "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n"
        .formatted(x, y, anchor, escaped(words));
  }

  private static String escaped(String words) {
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
