package dev.tidepool.echo.demo;

import static dev.tidepool.echo.figures.Figures.bytes;
import static dev.tidepool.echo.figures.Figures.count;
import static dev.tidepool.echo.figures.Figures.format;
import static dev.tidepool.echo.figures.Summary.line;

import dev.tidepool.echo.figures.Summary;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.LoadText;
import dev.tidepool.echo.load.result.ServerSide;
import dev.tidepool.echo.server.ArenaSummary;
import dev.tidepool.echo.server.MemorySummary;
import dev.tidepool.echo.server.ServedSummary;
import java.util.ArrayList;
import java.util.List;

/**
 * The figures of a demo, with a heading for each part that explains it to a newcomer.
 *
 * @param arenas read when all was answered and the connections were still open; none if the
 *     allocator gives connections none
 * @param side the server's figures before and after the load
 * @param served measured after the server had stopped
 */
public record DemoSummary(
    LoadResult load, ArenaSummary arenas, ServerSide side, ServedSummary served)
    implements Summary {

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>(ofLoad(load, arenas, side));
    lines.addAll(ofServer());
    return lines;
  }

  /** What is known when the load has ended. */
  public static List<String> ofLoad(LoadResult load, ArenaSummary arenas, ServerSide side) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("What the clients saw: every byte that came back was compared with what was sent");
    lines.addAll(new LoadText(load).lines());
    lines.add(line("server's CPU", cpu(side)));
    if (!arenas.arenas().isEmpty()) {
      addArenas(lines, arenas);
    }
    return lines;
  }

  private static void addArenas(List<String> lines, ArenaSummary arenas) {
    lines.add("");
    lines.add("What the server's arenas did: one for each connection, reset at a request's end");
    lines.add("(requests that arrive in one burst of reads are one request to the arena)");
    lines.addAll(arenas.lines());
  }

  /** Of the event loops: the rest of the process is the clients' too. */
  private static String cpu(ServerSide side) {
    Long nanos = side.loopNanosPerRequest();
    return nanos == null ? "n/a" : format("%,.1f µs a request, on its event loops", nanos / 1e3);
  }

  /** What is known when the server has stopped. */
  public List<String> ofServer() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("What the server held from upstream, which is where all its memory came from");
    addMemory(lines, served.memory());
    return lines;
  }

  private static void addMemory(List<String> lines, MemorySummary memory) {
    MemorySummary.Arenas arenas = memory.arenas();
    if (arenas != null) {
      String allocations = count(arenas.upstreamAllocations(), "allocation", "allocations");
      lines.add(line("at the peak", bytes(arenas.peak()) + ", asked for in " + allocations));
      lines.add(line("leaked buffers", count(arenas.leaks())));
    }
    lines.add(line("after shutdown", memory.afterwards()));
    lines.add("  " + memory.process());
  }
}
