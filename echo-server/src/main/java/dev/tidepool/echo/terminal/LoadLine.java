package dev.tidepool.echo.terminal;

import static dev.tidepool.echo.figures.ShortFigures.bytes;
import static dev.tidepool.echo.figures.ShortFigures.count;

import dev.tidepool.echo.figures.Figures;
import dev.tidepool.echo.load.live.LoadMoment;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A running load's figures in one line, below a heading. */
final class LoadLine {
  private static final String ROW = "%6s%9s%8s%9s%10s%10s%10s%7s%8s%8s%9s";
  private static final String UNKNOWN = "-";

  static final String HEADING =
      Figures.format(
          ROW,
          "time",
          "offered",
          "req/s",
          "inflight",
          "p50",
          "p99",
          "max",
          "errors",
          "client",
          "server",
          "resident");

  private LoadLine() {}

  static String of(LoadMoment moment) {
    LoadMoment.@Nullable Server server = moment.server();
    return Figures.format(
        ROW,
        TimeUnit.NANOSECONDS.toSeconds(moment.elapsedNanos()) + (moment.warmingUp() ? "s~" : "s"),
        offered(moment),
        count(moment.achievedPerSecond()),
        count(moment.inFlight()),
        time(moment.p50Nanos()),
        time(moment.p99Nanos()),
        time(moment.maxNanos()),
        count(moment.errors()),
        cores(moment.clientCores()),
        server == null ? UNKNOWN : cores(server.cores()),
        server == null ? UNKNOWN : bytes(server.residentBytes()));
  }

  static String offered(LoadMoment moment) {
    Double offered = moment.offeredPerSecond();
    return offered == null ? UNKNOWN : count(offered);
  }

  /** Of a latency: 0 is none. */
  static String time(long nanos) {
    return nanos == 0 ? UNKNOWN : Figures.nanos(nanos);
  }

  /** CPU in percent of a core. */
  static String cores(double cores) {
    return Figures.format("%.0f%%", 100 * cores);
  }
}
