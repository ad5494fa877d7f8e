package dev.tidepool.echo.load.result;

import static dev.tidepool.echo.figures.Figures.bytes;
import static dev.tidepool.echo.figures.Figures.count;
import static dev.tidepool.echo.figures.Figures.format;
import static dev.tidepool.echo.figures.Figures.nanos;
import static dev.tidepool.echo.figures.Summary.line;

import dev.tidepool.echo.server.ServerFigures;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server's side of a load in lines. */
final class ServerText {
  private ServerText() {}

  static List<String> lines(ServerSide server) {
    ServerFigures after = server.after();
    ServerFigures before = server.before();
    return List.of(
        line("server", format("process %d, %s allocator", after.pid(), after.allocator())),
        line("  CPU a request", cpu(server)),
        line("  allocator", change(held(before), held(after)) + " held from upstream"),
        line(
            "  resident",
            change(before.residentBytes(), after.residentBytes())
                + ", at the most "
                + bytesOrUnknown(after.peakResidentBytes())),
        line("  stragglers", count(after.stragglers())),
        line("  leaks", count(server.leaks())),
        line(
            "  GC",
            count(server.growth(ServerFigures::gcCount), "collection", "collections")
                + " in "
                + nanos(server.growth(ServerFigures::gcNanos))));
  }

  private static String cpu(ServerSide server) {
    return micros(server.cpuNanosPerRequest())
        + ", on its event loops "
        + micros(server.loopNanosPerRequest())
        + ", of "
        + count(server.growth(ServerFigures::requests), "request", "requests");
  }

  private static String micros(@Nullable Long nanos) {
    return nanos == null ? "n/a" : format("%,.2f µs", nanos / 1e3);
  }

  private static long held(ServerFigures figures) {
    return figures.directBytes() < 0 ? -1 : figures.directBytes() + figures.heapBytes();
  }

  private static String change(long before, long after) {
    return bytesOrUnknown(before) + " before, " + bytesOrUnknown(after) + " after";
  }

  static String bytesOrUnknown(long bytes) {
    return bytes < 0 ? "n/a" : bytes(bytes);
  }
}
