package dev.tidepool.echo.terminal;

import dev.tidepool.allocator.ConnectionOrder;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.terminal.Look.Part;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;

/**
 * The lines of a screen: title, totals, loops, connections, keys. What there is no room for is left
 * out, the keys and the loops first.
 */
final class Page {
  private static final int ROWS_WITH_KEYS = 8;
  private static final int ROWS_WITH_GAPS = 20;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final View view;
  private final Look look;
  private final ZoneId zone;
  private final int width;
  private final int rows;

  private Page(View view, Look look, ZoneId zone, int width, int rows) {
    this.view = view;
    this.look = look;
    this.zone = zone;
    this.width = width;
    this.rows = rows;
  }

  /** At most {@code rows} lines, none of them longer than {@code width}. */
  static List<AttributedString> lines(View view, Look look, ZoneId zone, int width, int rows) {
    return new Page(view, look, zone, width, rows).lines();
  }

  private List<AttributedString> lines() {
    List<AttributedString> lines = new ArrayList<>();
    lines.add(title());
    List<AttributedString> foot = foot();
    int room = rows - 1 - foot.size();
    add(lines, HeaderPart.lines(view.sample(), look, width, Math.max(1, room / 3)));
    add(lines, LoopsPart.lines(view.sample(), look, width, (room - lines.size()) / 2));
    int left = rows - foot.size() - lines.size();
    List<AttributedString> connections =
        ConnectionsPart.lines(view.connections(), view.order(), look, width, left);
    lines.addAll(connections);
    lines.addAll(Collections.nCopies(left - connections.size(), AttributedString.EMPTY));
    lines.addAll(foot);
    return lines.stream().map(line -> line.columnSubSequence(0, width)).toList();
  }

  private void add(List<AttributedString> lines, List<AttributedString> part) {
    lines.addAll(part);
    if (rows >= ROWS_WITH_GAPS && !part.isEmpty()) {
      lines.add(AttributedString.EMPTY);
    }
  }

  private AttributedString title() {
    LiveSnapshot.Server server = view.sample().server();
    String name =
        " tidepool-echo  %s  %s  %s  %s"
            .formatted(server.address(), server.protocol(), server.transport(), server.allocator());
    String time = TIME.format(Instant.ofEpochMilli(view.sample().atMillis()).atZone(zone)) + " ";
    int gap = width - name.length() - time.length();
    String text = gap >= 1 ? name + " ".repeat(gap) + time : name + " ".repeat(width);
    return new AttributedString(text, look.title());
  }

  private List<AttributedString> foot() {
    if (rows < ROWS_WITH_KEYS) {
      return List.of();
    }
    List<AttributedString> foot = new ArrayList<>();
    if (!view.log().isEmpty()) {
      foot.add(new AttributedString(view.log(), look.alarm()));
    }
    foot.add(keys());
    return foot;
  }

  private AttributedString keys() {
    AttributedStringBuilder line = new AttributedStringBuilder();
    line.append(" q quit  ");
    for (ConnectionOrder order : ConnectionOrder.values()) {
      line.styled(
          order == view.order() ? look.title() : look.plain(), " " + SortKey.name(order) + " ");
    }
    line.append(" ");
    legend(line, Part.ALIVE, "alive");
    legend(line, Part.RELEASED, "released");
    legend(line, Part.STRAGGLING, "stragglers");
    legend(line, Part.FREE, "free");
    legend(line, Part.PEAK, "peak");
    return line.toAttributedString();
  }

  private void legend(AttributedStringBuilder line, Part part, String text) {
    if (line.columnLength() + text.length() + 3 <= width) {
      line.append(' ');
      line.styled(look.style(part), String.valueOf(look.glyph(part)));
      line.append(' ').append(text);
    }
  }
}
