package dev.tidepool.echo.terminal;

import static dev.tidepool.echo.figures.ShortFigures.age;
import static dev.tidepool.echo.figures.ShortFigures.bytes;
import static dev.tidepool.echo.figures.ShortFigures.count;

import dev.tidepool.allocator.ConnectionOrder;
import dev.tidepool.echo.live.LiveSnapshot.Connection;
import dev.tidepool.echo.terminal.Bar.Segment;
import dev.tidepool.echo.terminal.Look.Part;
import dev.tidepool.echo.terminal.Table.Column;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;

/** The first connections in an order, each with a bar of its blocks. */
final class ConnectionsPart {
  private static final String OPEN = "open";

  private final Look look;
  private final ConnectionOrder order;
  private final List<Connection> connections;
  private final long scale;

  private ConnectionsPart(Look look, ConnectionOrder order, List<Connection> connections) {
    this.look = look;
    this.order = order;
    this.connections = connections;
    this.scale = connections.stream().mapToLong(ConnectionsPart::most).max().orElse(0);
  }

  private static long most(Connection connection) {
    return Math.max(held(connection), connection.peakHeldBytes());
  }

  private static long held(Connection connection) {
    return connection.aliveBytes()
        + connection.releasedBytes()
        + connection.stragglingBytes()
        + connection.freeBytes();
  }

  /** A heading and the first connections, in at most {@code most} lines. */
  static List<AttributedString> lines(
      List<Connection> connections, ConnectionOrder order, Look look, int width, int most) {
    if (most < 1) {
      return List.of();
    }
    List<Connection> shown = connections.subList(0, Math.min(most - 1, connections.size()));
    return new ConnectionsPart(look, order, shown).lines(width);
  }

  private List<AttributedString> lines(int width) {
    Table<Connection> table = new Table<>(columns(), width);
    List<AttributedString> lines = new ArrayList<>();
    lines.add(table.heading(look));
    connections.stream().map(table::row).forEach(lines::add);
    return lines;
  }

  /** What they are ordered by is shown before all but their names. */
  private List<Column<Connection>> columns() {
    return List.of(
        new Column<>("connection", 0, 15, 30, true, this::name),
        Column.<Connection>figure("held", 2, 5, each -> bytes(held(each)))
            .ranked(rank(ConnectionOrder.HEAVIEST, 2)),
        new Column<>("", 3, 10, 60, true, this::bar),
        Column.figure("peak", 8, 5, each -> bytes(each.peakHeldBytes())),
        new Column<>("state", 5, 7, 7, true, this::state),
        Column.figure("live", 7, 5, each -> count(each.liveBuffers())),
        Column.<Connection>figure("strag", 6, 5, each -> count(each.stragglers()))
            .ranked(rank(ConnectionOrder.STRAGGLING, 6)),
        Column.<Connection>figure("refus", 11, 5, each -> count(each.refusals()))
            .ranked(rank(ConnectionOrder.REFUSED, 11)),
        Column.<Connection>figure("reqs", 4, 5, each -> count(each.requests()))
            .ranked(rank(ConnectionOrder.BUSIEST, 4)),
        Column.figure("resets", 10, 6, each -> count(each.resets())),
        Column.<Connection>figure("age", 9, 4, each -> age(each.ageMillis()))
            .ranked(rank(ConnectionOrder.OLDEST, 9)),
        new Column<>(
            "proto", 12, 6, 6, true, (each, room) -> new AttributedString(each.protocol())));
  }

  private int rank(ConnectionOrder by, int otherwise) {
    return order == by ? 1 : otherwise;
  }

  private AttributedString name(Connection connection, int room) {
    return new AttributedString(connection.name());
  }

  private AttributedString state(Connection connection, int room) {
    boolean open = connection.state().equals(OPEN);
    return new AttributedString(connection.state(), open ? look.plain() : look.alarm());
  }

  private AttributedString bar(Connection connection, int room) {
    List<Segment> segments =
        List.of(
            new Segment(Part.ALIVE, connection.aliveBytes()),
            new Segment(Part.RELEASED, connection.releasedBytes()),
            new Segment(Part.STRAGGLING, connection.stragglingBytes()),
            new Segment(Part.FREE, connection.freeBytes()));
    return Bar.draw(look, segments, connection.peakHeldBytes(), scale, room);
  }
}
