package dev.tidepool.echo.terminal;

import dev.tidepool.echo.terminal.Look.Part;
import java.util.Arrays;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;

/**
 * A bar of memory to scale. What is there has at least one cell, as long as there is room; a mark
 * stands where the most was.
 */
final class Bar {
  /** So many bytes of a kind. */
  record Segment(Part part, long bytes) {}

  private Bar() {}

  /**
   * Draws {@code segments}, one behind the other.
   *
   * @param mark bytes at which a mark stands; 0 for none
   * @param scale the bytes that fill all of {@code width}
   */
  static AttributedString draw(
      Look look, List<Segment> segments, long mark, long scale, int width) {
    Part[] cells = cells(segments, mark, scale, width);
    AttributedStringBuilder line = new AttributedStringBuilder(width);
    for (Part cell : cells) {
      line.styled(look.style(cell), String.valueOf(look.glyph(cell)));
    }
    return line.toAttributedString();
  }

  private static Part[] cells(List<Segment> segments, long mark, long scale, int width) {
    Part[] cells = new Part[width];
    Arrays.fill(cells, Part.NONE);
    long bytes = 0;
    int from = 0;
    for (Segment segment : segments) {
      bytes += segment.bytes();
      int to = Math.max(position(bytes, scale, width), segment.bytes() > 0 ? from + 1 : from);
      Arrays.fill(cells, Math.min(from, width), Math.min(to, width), segment.part());
      from = to;
    }
    int at = Math.min(position(mark, scale, width), width - 1);
    if (mark > 0 && at >= 0 && cells[at] == Part.NONE) {
      cells[at] = Part.PEAK;
    }
    return cells;
  }

  private static int position(long bytes, long scale, int width) {
    return scale <= 0 ? 0 : (int) Math.round((double) Math.min(bytes, scale) * width / scale);
  }
}
