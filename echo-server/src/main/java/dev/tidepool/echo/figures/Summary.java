package dev.tidepool.echo.figures;

import java.util.List;

/** The figures of something that has ended, which a command prints in a few lines. */
public interface Summary {
  /** The lines, without line ends. */
  List<String> lines();

  /** A line of a table with two columns. */
  static String line(String label, String value) {
    return Figures.format("  %-18s%s", label, value);
  }
}
