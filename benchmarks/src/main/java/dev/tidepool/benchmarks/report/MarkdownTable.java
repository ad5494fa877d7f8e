package dev.tidepool.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** A table in Markdown: the first columns are words, all others are figures. */
final class MarkdownTable {
  private final int columns;
  private final List<String> lines = new ArrayList<>();

  /**
   * @param words how many columns are words
   */
  MarkdownTable(int words, List<String> headings) {
    columns = headings.size();
    lines.add(line(headings));
    lines.add('|' + " --- |".repeat(words) + " ---: |".repeat(columns - words));
  }

  MarkdownTable row(List<String> cells) {
    if (cells.size() != columns) {
      throw new IllegalArgumentException(
          "cells: %d (expected: %d) in %s".formatted(cells.size(), columns, cells));
    }
    lines.add(line(cells));
    return this;
  }

  boolean isEmpty() {
    return lines.size() == 2;
  }

  private static String line(List<String> cells) {
    StringBuilder line = new StringBuilder("|");
    for (String cell : cells) {
      line.append(' ').append(cell.replace("|", "\\|").replace('\n', ' ')).append(" |");
    }
    return line.toString();
  }

  @Override
  public String toString() {
    return String.join("\n", lines) + "\n";
  }
}
