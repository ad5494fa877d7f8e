package dev.tidepool.echo.load.result;

import dev.tidepool.echo.server.ServerFigures;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The server's figures before a load's first request and after its last, the warm-up included. The
 * components are the names of the JSON.
 *
 * @param cpuNanosPerRequest the process's CPU time for each request between them; null without one
 */
public record ServerSide(
    @Nullable Long cpuNanosPerRequest, ServerFigures before, ServerFigures after) {

  /** Of two readings of the same process. */
  public static ServerSide of(ServerFigures before, ServerFigures after) {
    return new ServerSide(perRequest(before, after, ServerFigures::cpuNanos), before, after);
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

  /** What a figure grew by. */
  long growth(ToLongFunction<ServerFigures> figure) {
    return figure.applyAsLong(after) - figure.applyAsLong(before);
  }
}
