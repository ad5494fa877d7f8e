package dev.tidepool.echo.server;

import static dev.tidepool.echo.figures.Figures.count;

import dev.tidepool.echo.figures.Figures;
import dev.tidepool.echo.figures.Summary;
import java.util.ArrayList;
import java.util.List;

/** The figures of a server, from its start to its stop. */
public record ServedSummary(
    long connections, long requests, long bytes, long errors, MemorySummary memory)
    implements Summary {

  static ServedSummary of(ServerTotals totals, MemorySummary memory) {
    return new ServedSummary(
        totals.connections(), totals.requests(), totals.bytes(), totals.errors(), memory);
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "served: "
            + count(connections, "connection", "connections")
            + ", "
            + count(requests, "request", "requests")
            + ", "
            + Figures.bytes(bytes)
            + ", "
            + count(errors, "error", "errors"));
    lines.addAll(memory.lines());
    return lines;
  }
}
