package dev.tidepool.echo.terminal;

import dev.tidepool.echo.live.LiveSnapshot;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Prints samples in lines, with a heading above the first of each {@value #PAGE}. An idle server's
 * lines are left out: one that says the same as the last is printed only when that is ten minutes
 * old. Not thread-safe.
 */
public final class FigureLines {
  static final int PAGE = 20;
  private static final long SILENCE_MILLIS = TimeUnit.MINUTES.toMillis(10);

  private final PrintWriter out;
  private final ZoneId zone;
  private final boolean leavesOut;
  private int lines;
  private @Nullable LiveSnapshot last;

  /**
   * @param interval the time between samples; lines are left out from ten seconds on
   */
  public FigureLines(PrintWriter out, Duration interval) {
    this(out, ZoneId.systemDefault(), interval.toSeconds() >= 10);
  }

  FigureLines(PrintWriter out, ZoneId zone, boolean leavesOut) {
    this.out = out;
    this.zone = zone;
    this.leavesOut = leavesOut;
  }

  /** Prints a sample, if it has news. */
  public void show(LiveSnapshot sample) {
    if (last != null && leavesOut && isSame(last, sample)) {
      return;
    }
    if (lines++ % PAGE == 0) {
      out.println(FigureLine.HEADING);
    }
    out.println(FigureLine.of(sample, zone));
    out.flush();
    last = sample;
  }

  /** The resident set of a process is never quite the same. */
  private static boolean isSame(LiveSnapshot last, LiveSnapshot sample) {
    return sample.atMillis() - last.atMillis() < SILENCE_MILLIS
        && withoutResident(last.header()).equals(withoutResident(sample.header()));
  }

  private static LiveSnapshot.Header withoutResident(LiveSnapshot.Header header) {
    return new LiveSnapshot.Header(
        header.connections(),
        header.requestsPerSecond(),
        header.resetsPerSecond(),
        0,
        header.upstreamBytes(),
        header.leasedBytes(),
        header.idleBytes(),
        header.liveBuffers(),
        header.stragglers(),
        header.refusals(),
        header.leaks());
  }
}
