package dev.tidepool.echo.terminal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;

/** A table that leaves out the less important columns where there is no room for all. */
final class Table<R> {
  /**
   * A column.
   *
   * @param title its heading
   * @param rank the columns with the lowest are shown first
   * @param least its least width
   * @param most its width if there is room to spare
   * @param left whether it is aligned left
   * @param text a row's text in this column, of the width that it may have
   */
  record Column<R>(
      String title,
      int rank,
      int least,
      int most,
      boolean left,
      BiFunction<R, Integer, AttributedString> text) {

    /** A figure, aligned right, of no more than {@code width}. */
    static <R> Column<R> figure(String title, int rank, int width, Function<R, String> text) {
      return new Column<>(
          title, rank, width, width, false, (row, room) -> new AttributedString(text.apply(row)));
    }

    Column<R> ranked(int otherRank) {
      return new Column<>(title, otherRank, least, most, left, text);
    }
  }

  private record Placed<R>(Column<R> column, int width) {}

  private final List<Placed<R>> columns = new ArrayList<>();

  /** Places the columns, in their order, in {@code width}. */
  Table(List<Column<R>> all, int width) {
    List<Column<R>> shown = new ArrayList<>();
    int left = width;
    for (Column<R> column : byRank(all)) {
      int needed = column.least() + (shown.isEmpty() ? 0 : 1);
      if (needed <= left || shown.isEmpty()) {
        shown.add(column);
        left -= Math.min(needed, left);
      }
    }
    for (Column<R> column : all) {
      if (shown.contains(column)) {
        int wider = Math.min(left, column.most() - column.least());
        left -= wider;
        columns.add(new Placed<>(column, Math.min(width, column.least() + wider)));
      }
    }
  }

  private static <R> List<Column<R>> byRank(List<Column<R>> all) {
    return all.stream().sorted(Comparator.comparingInt(Column::rank)).toList();
  }

  AttributedString heading(Look look) {
    return line(column -> new AttributedString(column.column().title(), look.strong().underline()));
  }

  AttributedString row(R row) {
    return line(placed -> placed.column().text().apply(row, placed.width()));
  }

  private AttributedString line(Function<Placed<R>, AttributedString> text) {
    AttributedStringBuilder line = new AttributedStringBuilder();
    for (Placed<R> placed : columns) {
      if (line.length() > 0) {
        line.append(' ');
      }
      appendPadded(line, text.apply(placed), placed);
    }
    return line.toAttributedString();
  }

  private void appendPadded(
      AttributedStringBuilder line, AttributedString whole, Placed<R> placed) {
    AttributedString text = whole.columnSubSequence(0, placed.width());
    String padding = " ".repeat(placed.width() - text.columnLength());
    if (placed.column().left()) {
      line.append(text).append(padding);
    } else {
      line.append(padding).append(text);
    }
  }
}
