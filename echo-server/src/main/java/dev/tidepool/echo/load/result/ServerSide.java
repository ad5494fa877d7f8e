package dev.tidepool.echo.load.result;

import dev.tidepool.echo.server.ServerFigures;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The server's figures before a load's first request and after its last, the warm-up included, and
 * when the load's connections were closed. The components are the names of the JSON.
 *
 * @param cpuNanosPerRequest the process's CPU time for each request from {@code before} to {@code
 *     after}; null without one
 * @param closed when the connections were closed and what leaked in them was reported
 */
public record ServerSide(
    @Nullable Long cpuNanosPerRequest,
    ServerFigures before,
    ServerFigures after,
    ServerFigures closed) {

  /** Of two readings of the same process, which are all that there is. */
  public static ServerSide of(ServerFigures before, ServerFigures after) {
    return of(before, after, after);
  }

  /** Of three readings of the same process. */
  public static ServerSide of(ServerFigures before, ServerFigures after, ServerFigures closed) {
    Long cpuNanos = perRequest(before, after, ServerFigures::cpuNanos);
    return new ServerSide(cpuNanos, before, after, closed);
  }

  private static @Nullable Long perRequest(
      ServerFigures before, ServerFigures after, ToLongFunction<ServerFigures> nanos) {
    long requests = after.requests() - before.requests();
    return requests <= 0
        ? null
        : Long.valueOf(
            Math.round((double) (nanos.applyAsLong(after) - nanos.applyAsLong(before)) / requests));
  }

  /** As {@link #cpuNanosPerRequest}, of the event loops alone. */
  public @Nullable Long loopNanosPerRequest() {
    return perRequest(before, after, ServerFigures::loopCpuNanos);
  }

  /** The buffers that were reported as leaked meanwhile. */
  long leaks() {
    return closed.leaks() - before.leaks();
  }

  /** What a figure grew by. */
  long growth(ToLongFunction<ServerFigures> figure) {
    return figure.applyAsLong(after) - figure.applyAsLong(before);
  }
}
