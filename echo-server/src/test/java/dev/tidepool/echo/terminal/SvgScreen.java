package dev.tidepool.echo.terminal;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jline.utils.AttributedString;

/** Draws the lines of a screen as an SVG picture. */
final class SvgScreen {
  private static final double CELL = 8.4;
  private static final int LINE = 18;
  private static final int MARGIN = 12;
  private static final String BACK = "#10151c";
  private static final String FRONT = "#d7dde5";
  private static final String FAINT = "#8a95a3";
  private static final List<String> COLOURS =
      List.of(BACK, "#ff6b6b", "#3fb68b", "#f2b84b", "#4a6fa5", "#d678c8", "#46b3c9", FRONT);
  private static final String BLOCKS = "█▓▒░▏";
  private static final double[] OPACITY = {1, 0.75, 0.9, 0.45, 1};

  private final StringBuilder svg = new StringBuilder();

  private SvgScreen() {}

  static String of(List<AttributedString> lines, int width) {
    return new SvgScreen().draw(lines, width);
  }

  private String draw(List<AttributedString> lines, int width) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%d\""
            + " font-family=\"ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace\""
            + " font-size=\"14\">%n",
        width * CELL + 2 * MARGIN, lines.size() * LINE + 2 * MARGIN);
    add("<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"%s\"/>%n", BACK);
    for (int row = 0; row < lines.size(); row++) {
      drawLine(lines.get(row), row);
    }
    return svg.append("</svg>\n").toString();
  }

  private void drawLine(AttributedString line, int row) {
    int from = 0;
    for (int at = 1; at <= line.length(); at++) {
      if (at == line.length() || !sameRun(line, from, at)) {
        drawRun(line, from, at, row);
        from = at;
      }
    }
  }

  private static boolean sameRun(AttributedString line, int one, int other) {
    return line.styleAt(one).equals(line.styleAt(other))
        && BLOCKS.indexOf(line.charAt(one)) == BLOCKS.indexOf(line.charAt(other));
  }

  private void drawRun(AttributedString line, int from, int to, int row) {
    List<String> codes = Arrays.asList(line.styleAt(from).toAnsi().split(";"));
    int block = BLOCKS.indexOf(line.charAt(from));
    if (block >= 0) {
      double width = block == 4 ? 2 : (to - from) * CELL;
      rect(from, row, width, 3, colour(codes), OPACITY[block]);
      return;
    }
    if (codes.contains("7")) {
      rect(from, row, (to - from) * CELL, 0, FRONT, 1);
    }
    text(line.subSequence(from, to).toString(), from, row, codes);
  }

  private void rect(int column, int row, double width, int inset, String colour, double opacity) {
    add(
        "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\" opacity=\"%.2f\"/>%n",
        MARGIN + column * CELL,
        MARGIN + row * LINE + inset,
        width,
        LINE - 2 * inset,
        colour,
        opacity);
  }

  private void text(String text, int column, int row, List<String> codes) {
    if (text.isBlank()) {
      return;
    }
    add(
        "<text x=\"%.1f\" y=\"%d\" xml:space=\"preserve\" textLength=\"%.1f\" fill=\"%s\"%s%s>%s"
            + "</text>%n",
        MARGIN + column * CELL,
        MARGIN + row * LINE + 13,
        text.length() * CELL,
        codes.contains("7") ? BACK : colour(codes),
        codes.contains("1") ? " font-weight=\"bold\"" : "",
        codes.contains("4") ? " text-decoration=\"underline\"" : "",
        text.replace("&", "&amp;").replace("<", "&lt;"));
  }

  private static String colour(List<String> codes) {
    for (String code : codes) {
      if (code.matches("3[0-7]")) {
        return COLOURS.get(code.charAt(1) - '0');
      }
    }
    return codes.contains("2") ? FAINT : FRONT;
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format.replace("%n", "\n"), values));
  }
}
