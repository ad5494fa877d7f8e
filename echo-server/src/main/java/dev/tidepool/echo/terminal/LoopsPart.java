package dev.tidepool.echo.terminal;

import static dev.tidepool.echo.figures.ShortFigures.bytes;

import dev.tidepool.allocator.PoolSnapshot.IdleClass;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.live.LiveSnapshot.Loop;
import dev.tidepool.echo.terminal.Bar.Segment;
import dev.tidepool.echo.terminal.Look.Part;
import dev.tidepool.echo.terminal.Table.Column;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jline.utils.AttributedString;

/** The block pools: what they lease and what lies idle in them. */
final class LoopsPart {
  private final Look look;
  private final List<Loop> loops;
  private final long scale;

  private LoopsPart(Look look, List<Loop> loops) {
    this.look = look;
    this.loops = loops;
    this.scale =
        loops.stream().mapToLong(loop -> loop.leasedBytes() + loop.idleBytes()).max().orElse(0);
  }

  /** The lines that all would take. */
  static int wanted(LiveSnapshot sample) {
    return sample.loops().isEmpty() ? 0 : sample.loops().size() + 1;
  }

  /** A heading and the fullest loops; no lines where there is no room for two. */
  static List<AttributedString> lines(LiveSnapshot sample, Look look, int width, int most) {
    int lines = Math.min(most, wanted(sample));
    return lines < 2 ? List.of() : new LoopsPart(look, sample.loops()).lines(width, lines);
  }

  private List<AttributedString> lines(int width, int count) {
    Table<Loop> table = new Table<>(columns(), width);
    List<AttributedString> lines = new ArrayList<>();
    lines.add(table.heading(look));
    loops.stream()
        .sorted(Comparator.comparingLong((Loop loop) -> -loop.leasedBytes() - loop.idleBytes()))
        .limit(count - 1L)
        .map(table::row)
        .forEach(lines::add);
    return lines;
  }

  private List<Column<Loop>> columns() {
    return List.of(
        new Column<>("loop", 0, 12, 21, true, (loop, room) -> new AttributedString(loop.name())),
        Column.figure("leased", 1, 6, loop -> bytes(loop.leasedBytes())),
        Column.figure("idle", 2, 5, loop -> bytes(loop.idleBytes())),
        new Column<>("", 4, 10, 40, true, this::bar),
        Column.figure("trimmed 10s", 3, 11, loop -> bytes(loop.trimmedLatelyBytes())),
        new Column<>("idle blocks", 5, 12, 60, true, this::classes));
  }

  private AttributedString bar(Loop loop, int room) {
    List<Segment> segments =
        List.of(
            new Segment(Part.ALIVE, loop.leasedBytes()), new Segment(Part.FREE, loop.idleBytes()));
    return Bar.draw(look, segments, 0, scale, room);
  }

  private AttributedString classes(Loop loop, int room) {
    return new AttributedString(
        loop.idle().stream().map(this::sizeClass).collect(Collectors.joining(" ")));
  }

  private String sizeClass(IdleClass idle) {
    return bytes(idle.blockBytes()) + (idle.direct() ? "" : "h") + look.times() + idle.blocks();
  }
}
