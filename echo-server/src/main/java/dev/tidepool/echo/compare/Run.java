package dev.tidepool.echo.compare;

import dev.tidepool.echo.compare.RunResult.MemorySample;
import dev.tidepool.echo.compare.RunResult.Phase;
import dev.tidepool.echo.server.ServerFigures;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** One run: a fresh server process, the load's phases, and the silence afterwards. */
final class Run {
  /** The server's CPU is measured in this part of the time, well within the load's. */
  private static final double MEASURED = 0.9;

  private static final Duration SHORT = Duration.ofSeconds(2);

  private final RunOrder.Step step;
  private final ComparePlan plan;
  private final Child client;
  private final Child server;
  private final int port;
  private final MemoryWatch memory;
  private long seed;

  /**
   * @param client the load's process
   * @param server one that is fresh
   */
  Run(RunOrder.Step step, ComparePlan plan, Child client, Child server) throws IOException {
    this.step = step;
    this.plan = plan;
    this.client = client;
    this.server = server;
    this.port = server.await(ServedProcess.Listening.class).port();
    this.memory = new MemoryWatch(server);
    this.seed = plan.seed() + step.round();
  }

  /**
   * Runs all phases.
   *
   * @param ratePerSecond the common rate; null: there is none yet, and flat out is all
   */
  RunResult execute(int order, @Nullable Double ratePerSecond)
      throws IOException, InterruptedException {
    try (memory) {
      rehearse(ratePerSecond);
      Measured flatOut = measure("flat out", plan.warmup(), null);
      boolean last = ratePerSecond == null;
      if (!last) {
        close();
      }
      Measured atRate = last ? null : measure("at the common rate", shortened(), ratePerSecond);
      settle(last);
      return result(order, flatOut, atRate);
    }
  }

  /** The phase and the server's figures at its begin and end. */
  private record Measured(Phase phase, ServerFigures before, ServerFigures after) {
    long change(ToLongFunction<ServerFigures> figure) {
      return figure.applyAsLong(after) - figure.applyAsLong(before);
    }
  }

  /** What is left to warm up when most is warm. */
  private Duration shortened() {
    return plan.warmup().compareTo(SHORT) < 0 ? plan.warmup() : SHORT;
  }

  /**
   * Opens and closes the connections once, under load. What a connection's begin and end does would
   * else be new to the compiler in the measurements, and it would compile all that calls it again.
   */
  private void rehearse(@Nullable Double rate) throws IOException, InterruptedException {
    long begin = memory.now();
    start(1, rate);
    TimeUnit.NANOSECONDS.sleep(shortened().toNanos());
    client.tell("measure");
    client.await(LoadFigures.class);
    close();
    memory.phase("warm-up", begin);
  }

  private void start(long millis, @Nullable Double rate) throws IOException {
    LoadJob job = LoadJob.of(step.scenario(), port, seed++, millis, rate);
    client.tell(Json.line(job));
    LoadProcess.Event connected = client.await(LoadProcess.Event.class);
    if (!connected.equals(LoadProcess.Event.CONNECTED)) {
      throw new IOException("the load's process said '" + connected + "', expected 'connected'");
    }
  }

  private Measured measure(String name, Duration warmup, @Nullable Double rate)
      throws IOException, InterruptedException {
    long begin = memory.now();
    start(plan.durationMillis(), rate);
    new WarmUp(server, plan.cores(), warmup).await();
    memory.phase("warm-up", begin);
    begin = memory.now();
    client.tell("measure");
    ServerFigures before = figures();
    TimeUnit.MILLISECONDS.sleep((long) (MEASURED * plan.durationMillis()));
    ServerFigures after = figures();
    LoadFigures load = client.await(LoadFigures.class);
    memory.phase(name, begin);
    return new Measured(phase(rate, load, before, after), before, after);
  }

  private ServerFigures figures() throws IOException {
    return server.ask("figures", ServerFigures.class);
  }

  private static Phase phase(
      @Nullable Double rate, LoadFigures load, ServerFigures before, ServerFigures after) {
    long requests = after.requests() - before.requests();
    double divisor = Math.max(1, requests);
    return new Phase(
        rate,
        load.perSecond(),
        requests,
        (after.loopCpuNanos() - before.loopCpuNanos()) / divisor,
        (after.cpuNanos() - before.cpuNanos()) / divisor,
        load.latency(),
        load.errors(),
        load.mismatchedBytes(),
        load.clientBusy(),
        load.latestSendNanos());
  }

  private void close() throws IOException {
    client.ask("close", LoadProcess.Event.class);
  }

  /** Silence, where the connections stay open; else they are closed at once. */
  private void settle(boolean pilot) throws IOException, InterruptedException {
    if (pilot || !step.scenario().staysConnected()) {
      close();
      return;
    }
    long begin = memory.now();
    TimeUnit.MILLISECONDS.sleep(plan.settleMillis());
    memory.phase("silence", begin);
  }

  private RunResult result(int order, Measured flatOut, @Nullable Measured atRate)
      throws IOException, InterruptedException {
    ServerFigures end = figures();
    boolean settled = atRate != null && step.scenario().staysConnected();
    RunResult result =
        new RunResult(
            step.scenario().name(),
            step.subject().label(),
            step.subject().allocator(),
            step.round(),
            order,
            plan.seed() + step.round(),
            flatOut.phase(),
            atRate == null ? null : atRate.phase(),
            end.peakResidentBytes(),
            settled ? end.residentBytes() : -1,
            peakUpstream(memory.samples()),
            settled ? upstream(end) : -1,
            flatOut.change(ServerFigures::gcCount) + change(atRate, ServerFigures::gcCount),
            flatOut.change(ServerFigures::gcNanos) + change(atRate, ServerFigures::gcNanos),
            end.leaks(),
            memory.samples(),
            memory.phases());
    if (settled) {
      close();
    }
    return result;
  }

  private static long change(@Nullable Measured measured, ToLongFunction<ServerFigures> figure) {
    return measured == null ? 0 : measured.change(figure);
  }

  private static long peakUpstream(List<MemorySample> samples) {
    return samples.stream().mapToLong(MemorySample::upstreamBytes).max().orElse(-1);
  }

  private static long upstream(ServerFigures figures) {
    return figures.directBytes() < 0 ? -1 : figures.directBytes() + figures.heapBytes();
  }
}
