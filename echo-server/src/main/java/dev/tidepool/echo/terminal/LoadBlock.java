package dev.tidepool.echo.terminal;

import static dev.tidepool.echo.figures.ShortFigures.bytes;
import static dev.tidepool.echo.figures.ShortFigures.count;

import dev.tidepool.echo.figures.Figures;
import dev.tidepool.echo.load.live.LoadMoment;
import dev.tidepool.echo.terminal.Bar.Segment;
import dev.tidepool.echo.terminal.Look.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jspecify.annotations.Nullable;

/** A running load's figures on a few lines: a bar of what is done, and a block of figures. */
final class LoadBlock {
  private static final int SCALE = 1_000;
  private static final int WIDEST_BAR = 60;
  private static final int CELL = 22;

  private LoadBlock() {}

  /** Lines none of which is longer than {@code width}. */
  static List<AttributedString> lines(LoadMoment moment, String log, Look look, int width) {
    List<AttributedString> lines = new ArrayList<>();
    lines.add(bar(moment, look, width));
    lines.addAll(figures(moment, look, width));
    if (!log.isEmpty()) {
      lines.add(new AttributedString(log, look.alarm()));
    }
    return lines.stream().map(line -> line.columnSubSequence(0, width)).toList();
  }

  private static AttributedString bar(LoadMoment moment, Look look, int width) {
    String time =
        " "
            + Figures.seconds(Duration.ofNanos(moment.elapsedNanos()))
            + (moment.warmingUp() ? ", warming up" : "");
    int room = Math.min(WIDEST_BAR, width - time.length());
    AttributedStringBuilder line = new AttributedStringBuilder();
    if (moment.share() >= 0 && room > 0) {
      long done = Math.round(moment.share() * SCALE);
      List<Segment> segments =
          List.of(new Segment(Part.ALIVE, done), new Segment(Part.FREE, SCALE - done));
      line.append(Bar.draw(look, segments, 0, SCALE, room));
    }
    return line.append(time).toAttributedString();
  }

  private static List<AttributedString> figures(LoadMoment moment, Look look, int width) {
    List<AttributedString> cells = cells(moment, look);
    int across = Math.max(1, width / CELL);
    List<AttributedString> lines = new ArrayList<>();
    for (int from = 0; from < cells.size(); from += across) {
      AttributedStringBuilder line = new AttributedStringBuilder();
      cells.subList(from, Math.min(from + across, cells.size())).forEach(line::append);
      lines.add(line.toAttributedString());
    }
    return lines;
  }

  private static List<AttributedString> cells(LoadMoment moment, Look look) {
    List<AttributedString> cells = new ArrayList<>();
    cells.add(cell(look, "offered/s", LoadLine.offered(moment), false));
    cells.add(cell(look, "answered/s", count(moment.achievedPerSecond()), false));
    cells.add(cell(look, "in flight", count(moment.inFlight()), false));
    cells.add(cell(look, "errors", count(moment.errors()), moment.errors() > 0));
    cells.add(cell(look, "p50", time(look, moment.p50Nanos()), false));
    cells.add(cell(look, "p99", time(look, moment.p99Nanos()), false));
    cells.add(cell(look, "max", time(look, moment.maxNanos()), false));
    cells.add(cell(look, "client CPU", LoadLine.cores(moment.clientCores()), false));
    addServer(cells, look, moment.server());
    return cells;
  }

  private static void addServer(
      List<AttributedString> cells, Look look, LoadMoment.@Nullable Server server) {
    if (server != null) {
      cells.add(cell(look, "server CPU", LoadLine.cores(server.cores()), false));
      cells.add(cell(look, "resident", bytes(server.residentBytes()), false));
      cells.add(cell(look, "upstream", bytes(server.upstreamBytes()), false));
    }
  }

  private static String time(Look look, long nanos) {
    return nanos == 0 ? LoadLine.time(nanos) : look.time(nanos);
  }

  private static AttributedString cell(Look look, String label, String value, boolean alarming) {
    AttributedStringBuilder cell = new AttributedStringBuilder();
    cell.styled(look.faint(), label);
    cell.append(" ".repeat(Math.max(1, CELL - 2 - label.length() - value.length())));
    cell.styled(alarming ? look.alarm() : look.strong(), value);
    return cell.append("  ").toAttributedString();
  }
}
