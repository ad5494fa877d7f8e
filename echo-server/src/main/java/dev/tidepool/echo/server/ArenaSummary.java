package dev.tidepool.echo.server;

import static dev.tidepool.echo.figures.Figures.bytes;
import static dev.tidepool.echo.figures.Figures.count;
import static dev.tidepool.echo.figures.Figures.format;

import dev.tidepool.allocator.ConnectionArenaMetric;
import dev.tidepool.echo.figures.Summary;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** The figures of the arenas of all open connections, each read on its event loop. */
public record ArenaSummary(List<Arena> arenas) implements Summary {
  private static final int CONNECTIONS_SHOWN = 10;
  private static final String ROW = "  %-6s%10s%10s%11s%16s%12s%12s";

  public ArenaSummary {
    arenas = List.copyOf(arenas);
  }

  /** The figures of one connection's arena. */
  public record Arena(
      InetSocketAddress remote,
      long requests,
      long resets,
      long allocatedBytes,
      long peakRequestBytes,
      int leasedBlocks,
      int stragglers) {

    static Arena of(InetSocketAddress remote, ConnectionArenaMetric metric) {
      return new Arena(
          remote,
          metric.requests(),
          metric.resets(),
          metric.allocatedBytes(),
          metric.peakRequestBytes(),
          metric.leasedBlocks(),
          metric.stragglers());
    }

    private String row() {
      return ArenaSummary.row(
          String.valueOf(remote.getPort()),
          requests,
          resets,
          allocatedBytes,
          peakRequestBytes,
          leasedBlocks,
          stragglers);
    }
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        format(
            ROW,
            "port",
            "requests",
            "resets",
            "allocated",
            "peak a request",
            "blocks now",
            "stragglers"));
    arenas.stream().limit(CONNECTIONS_SHOWN).map(Arena::row).forEach(lines::add);
    if (arenas.size() > CONNECTIONS_SHOWN) {
      lines.add("  ... and " + (arenas.size() - CONNECTIONS_SHOWN) + " more");
    }
    lines.add(total());
    return lines;
  }

  private String total() {
    return row(
        "all " + arenas.size(),
        sum(Arena::requests),
        sum(Arena::resets),
        sum(Arena::allocatedBytes),
        arenas.stream().mapToLong(Arena::peakRequestBytes).max().orElse(0),
        sum(Arena::leasedBlocks),
        sum(Arena::stragglers));
  }

  private long sum(ToLongFunction<Arena> figure) {
    return arenas.stream().mapToLong(figure).sum();
  }

  private static String row(
      String port,
      long requests,
      long resets,
      long allocatedBytes,
      long peakRequestBytes,
      long leasedBlocks,
      long stragglers) {
    return format(
        ROW,
        port,
        count(requests),
        count(resets),
        bytes(allocatedBytes),
        bytes(peakRequestBytes),
        count(leasedBlocks),
        count(stragglers));
  }
}
