package dev.tidepool.echo.demo;

import java.io.PrintWriter;

/** Prints progress: on a terminal by redrawing one line, elsewhere line by line. */
public final class ProgressLine {
  private final PrintWriter out;
  private final boolean terminal;
  private int shown;

  public ProgressLine(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  public void show(String line) {
    if (terminal) {
      out.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
      shown = line.length();
    } else {
      out.println(line);
    }
    out.flush();
  }

  /** Ends the redrawn line, so that what is printed next goes below it. */
  public void end() {
    if (terminal && shown > 0) {
      out.println();
      out.flush();
    }
  }
}
