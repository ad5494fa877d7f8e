package dev.tidepool.echo.terminal;

import dev.tidepool.echo.load.live.LoadMoment;
import java.io.PrintWriter;
import java.util.function.Consumer;

/**
 * Prints a running load's figures in lines, with a heading above the first of each {@value #PAGE}.
 * A {@code ~} stands behind the time of the warm-up. Not thread-safe.
 */
public final class LoadLines implements Consumer<LoadMoment> {
  static final int PAGE = 20;

  private final PrintWriter out;
  private int lines;

  public LoadLines(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void accept(LoadMoment moment) {
    if (lines++ % PAGE == 0) {
      out.println(LoadLine.HEADING);
    }
    out.println(LoadLine.of(moment));
    out.flush();
  }
}
