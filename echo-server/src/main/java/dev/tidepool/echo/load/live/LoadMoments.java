package dev.tidepool.echo.load.live;

import dev.tidepool.echo.load.LoadTally;
import dev.tidepool.echo.server.ProcessFigures;
import dev.tidepool.echo.server.ServerFigures;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Reads a running load's figures, with rates since they were read before. Not thread-safe, but may
 * be handed from one thread to another.
 */
public final class LoadMoments {
  private final LoadTally tally;
  private final LoadPlan plan;
  private final Supplier<Optional<ServerFigures>> server;
  private final LongSupplier clock;
  private final LongSupplier cpu;
  private final long beginNanos;
  private @Nullable Histogram recycled;
  private long lastNanos;
  private long lastAnswered;
  private long lastCpuNanos;
  private @Nullable ServerFigures lastServer;
  private long lastServerNanos;

  /**
   * The first rates are those from now on.
   *
   * @param server reads the server's figures; empty where they are not known
   */
  public LoadMoments(LoadTally tally, LoadPlan plan, Supplier<Optional<ServerFigures>> server) {
    this(tally, plan, server, System::nanoTime, ProcessFigures::cpuNanos);
  }

  LoadMoments(
      LoadTally tally,
      LoadPlan plan,
      Supplier<Optional<ServerFigures>> server,
      LongSupplier clock,
      LongSupplier cpu) {
    this.tally = tally;
    this.plan = plan;
    this.server = server;
    this.clock = clock;
    this.cpu = cpu;
    this.lastServer = server.get().orElse(null);
    this.beginNanos = clock.getAsLong();
    this.lastServerNanos = beginNanos;
    this.lastNanos = beginNanos;
    this.lastAnswered = tally.answered();
    this.lastCpuNanos = cpu.getAsLong();
  }

  /** The figures as they are now. */
  public LoadMoment next() {
    LoadMoment.@Nullable Server side = readServer(); // first: it may take long
    long now = clock.getAsLong();
    long answered = tally.answered();
    long cpuNanos = cpu.getAsLong();
    long nanos = Math.max(1, now - lastNanos);
    Histogram latencies = tally.intervalLatencies(recycled);
    LoadMoment moment =
        new LoadMoment(
            now - beginNanos,
            plan.share(now - beginNanos, answered),
            !tally.measuring(),
            plan.ratePerSecond(),
            (answered - lastAnswered) * 1e9 / nanos,
            tally.inFlight(),
            percentile(latencies, 50),
            percentile(latencies, 99),
            percentile(latencies, 100),
            tally.errors(),
            (double) (cpuNanos - lastCpuNanos) / nanos,
            side);
    recycled = latencies;
    lastNanos = now;
    lastAnswered = answered;
    lastCpuNanos = cpuNanos;
    return moment;
  }

  private static long percentile(Histogram latencies, double percentile) {
    return latencies.getTotalCount() == 0 ? 0 : latencies.getValueAtPercentile(percentile);
  }

  private LoadMoment.@Nullable Server readServer() {
    ServerFigures before = lastServer;
    ServerFigures figures = server.get().orElse(null);
    long now = clock.getAsLong();
    long nanos = Math.max(1, now - lastServerNanos);
    lastServer = figures;
    lastServerNanos = now;
    if (figures == null) {
      return null;
    }
    double cores = before == null ? 0 : (double) (figures.cpuNanos() - before.cpuNanos()) / nanos;
    return new LoadMoment.Server(cores, figures.residentBytes(), upstream(figures));
  }

  private static long upstream(ServerFigures figures) {
    return figures.directBytes() < 0 ? -1 : figures.directBytes() + figures.heapBytes();
  }
}
