package dev.tidepool.echo.compare;

import dev.tidepool.echo.server.ServerFigures;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Waits until the compiler of a server's process has little left to do, which on a slow machine is
 * later than on a fast one. Both cores are the server's meanwhile: beside a busy event loop, on one
 * core, the compiler takes half as long again.
 */
final class WarmUp {
  private static final long PERIOD_MILLIS = 200;
  private static final int QUIET_PERIODS = 4;

  /** Of a core, beside event loops and collections. */
  private static final double QUIET = 0.08;

  private final Child server;
  private final Cores cores;
  private final long longestNanos;

  WarmUp(Child server, Cores cores, Duration longest) {
    this.server = server;
    this.cores = cores;
    this.longestNanos = longest.toNanos();
  }

  /** Returns when the server is warm, or, with false, when it has taken too long. */
  boolean await() throws IOException, InterruptedException {
    cores.pinServer(server, true);
    boolean quiet = awaitQuiet();
    cores.pinServer(server, false);
    return quiet;
  }

  private boolean awaitQuiet() throws IOException, InterruptedException {
    long end = System.nanoTime() + longestNanos;
    long then = System.nanoTime();
    ServerFigures before = server.ask("figures", ServerFigures.class);
    for (int quiet = 0; quiet < QUIET_PERIODS; ) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS)));
      long now = System.nanoTime();
      ServerFigures after = server.ask("figures", ServerFigures.class);
      quiet = isQuiet(before, after, now - then) ? quiet + 1 : 0;
      before = after;
      then = now;
    }
    return true;
  }

  private static boolean isQuiet(ServerFigures before, ServerFigures after, long nanos) {
    boolean answers = after.requests() > before.requests();
    return answers && others(after) - others(before) < QUIET * nanos;
  }

  /** CPU time of what is no event loop and no collection. */
  private static long others(ServerFigures figures) {
    return figures.cpuNanos() - figures.loopCpuNanos() - figures.gcNanos();
  }
}
