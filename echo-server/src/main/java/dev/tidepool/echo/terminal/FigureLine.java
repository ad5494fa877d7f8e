package dev.tidepool.echo.terminal;

import static dev.tidepool.echo.figures.ShortFigures.bytes;
import static dev.tidepool.echo.figures.ShortFigures.count;

import dev.tidepool.echo.figures.Figures;
import dev.tidepool.echo.live.LiveSnapshot;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** A sample in one line of 97 columns, below a heading. */
final class FigureLine {
  private static final String ROW = "%-8s%6s%7s%9s%9s%9s%8s%8s%7s%11s%9s%6s";
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  static final String HEADING =
      Figures.format(
          ROW,
          "time",
          "conns",
          "req/s",
          "resets/s",
          "resident",
          "upstream",
          "leased",
          "idle",
          "live",
          "stragglers",
          "refusals",
          "leaks");

  private FigureLine() {}

  static String of(LiveSnapshot sample, ZoneId zone) {
    LiveSnapshot.Header header = sample.header();
    return Figures.format(
        ROW,
        TIME.format(Instant.ofEpochMilli(sample.atMillis()).atZone(zone)),
        count(header.connections()),
        count(header.requestsPerSecond()),
        count(header.resetsPerSecond()),
        bytes(header.residentBytes()),
        bytes(header.upstreamBytes()),
        bytes(header.leasedBytes()),
        bytes(header.idleBytes()),
        count(header.liveBuffers()),
        count(header.stragglers()),
        count(header.refusals()),
        count(header.leaks()));
  }
}
