package dev.tidepool.echo.terminal;

import static dev.tidepool.echo.figures.ShortFigures.bytes;
import static dev.tidepool.echo.figures.ShortFigures.count;

import dev.tidepool.echo.live.LiveSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;

/** The totals, in as many columns as there is room for. */
final class HeaderPart {
  private static final int CELL = 18;
  private static final int GAP = 2;

  private record Figure(String label, String value, boolean alarming) {
    Figure(String label, String value) {
      this(label, value, false);
    }
  }

  private HeaderPart() {}

  /** At most {@code most} lines; the figures come in the order of their weight. */
  static List<AttributedString> lines(LiveSnapshot sample, Look look, int width, int most) {
    List<Figure> figures = figures(sample, look);
    int across = Math.max(1, (width + GAP) / (CELL + GAP));
    int down = Math.min(most, (figures.size() + across - 1) / across);
    List<AttributedString> lines = new ArrayList<>();
    for (int line = 0; line < down; line++) {
      int from = line * across;
      lines.add(line(figures.subList(from, Math.min(from + across, figures.size())), look));
    }
    return lines;
  }

  private static AttributedString line(List<Figure> figures, Look look) {
    AttributedStringBuilder line = new AttributedStringBuilder();
    for (Figure figure : figures) {
      if (line.length() > 0) {
        line.append(" ".repeat(GAP));
      }
      line.styled(look.faint(), figure.label);
      line.append(" ".repeat(CELL - figure.label.length() - figure.value.length()));
      line.styled(figure.alarming ? look.alarm() : look.strong(), figure.value);
    }
    return line.toAttributedString();
  }

  private static List<Figure> figures(LiveSnapshot sample, Look look) {
    LiveSnapshot.Header header = sample.header();
    LiveSnapshot.Point point = sample.point();
    List<Figure> figures = new ArrayList<>();
    figures.add(new Figure("connections", count(header.connections())));
    figures.add(new Figure("requests/s", count(header.requestsPerSecond())));
    figures.add(new Figure("resets/s", count(header.resetsPerSecond())));
    figures.add(new Figure("resident", bytes(header.residentBytes())));
    figures.add(new Figure("upstream", bytes(header.upstreamBytes())));
    figures.add(new Figure("leased", bytes(header.leasedBytes())));
    figures.add(new Figure("idle", bytes(header.idleBytes())));
    figures.add(new Figure("live buffers", count(header.liveBuffers())));
    figures.add(new Figure("stragglers", count(header.stragglers())));
    figures.add(alarming("refusals", header.refusals()));
    figures.add(alarming("leaks", header.leaks()));
    if (point.latencyMaxNanos() > 0) {
      figures.add(new Figure("p50", look.time(point.latencyP50Nanos())));
      figures.add(new Figure("p99", look.time(point.latencyP99Nanos())));
    }
    return figures;
  }

  private static Figure alarming(String label, long count) {
    return new Figure(label, count(count), count > 0);
  }
}
