package dev.tidepool.echo.compare;

import dev.tidepool.echo.compare.RunResult.Account;
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

  /** At a rate other code runs than flat out: batches are smaller. */
  private static final Duration AT_RATE = Duration.ofSeconds(5);

  /** The part of what was answered flat out at which the pilot begins to look for a rate. */
  private static final double FIRST_GUESS = 0.6;

  /** A rate at which either side is busier shows queues, not allocators. */
  private static final double BUSIEST = 0.75;

  private static final int MOST_GUESSES = 5;

  private final RunOrder.Step step;
  private final ComparePlan plan;
  private final Child client;
  private final Child server;
  private final int port;
  private final MemoryWatch memory;
  private long seed;
  private long wrongAnswers;

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
   * @param ratePerSecond the common rate
   */
  RunResult execute(int order, double ratePerSecond) throws IOException, InterruptedException {
    try (memory) {
      rehearse(ratePerSecond);
      Measured flatOut = measure("flat out", plan.warmup(), null);
      close();
      Measured atRate = measure("at the common rate", atMost(AT_RATE), ratePerSecond);
      settle();
      return result(order, flatOut, atRate);
    }
  }

  /**
   * A rate, in requests a second, that this allocator holds with time to spare. At a rate a request
   * takes more CPU time than flat out, since fewer come at once, so it is not enough to take a part
   * of what was answered flat out.
   */
  double pilot() throws IOException, InterruptedException {
    try (memory) {
      rehearse(null);
      double rate = FIRST_GUESS * measure("flat out", plan.warmup(), null).phase().perSecond();
      for (int guess = 1; guess < MOST_GUESSES; guess++) {
        close();
        Phase paced = measure("at a rate", atMost(SHORT), rate).phase();
        double busy = Math.max(paced.serverBusy(), paced.clientBusy());
        if (busy <= BUSIEST) {
          break;
        }
        rate *= Math.max(1 - BUSIEST, BUSIEST / busy * 0.95); // a little less: it is not linear
      }
      close();
      return Math.max(1, rate);
    }
  }

  /** Stops the server, and says how the run has ended. */
  Account end() throws IOException {
    ServedProcess.Stopped stopped = server.ask("stop", ServedProcess.Stopped.class);
    return new Account(stopped.kept(), stopped.errors(), wrongAnswers);
  }

  private record Measured(Phase phase, Served served) {}

  /** What is left to warm up when most is warm. */
  private Duration atMost(Duration most) {
    return plan.warmup().compareTo(most) < 0 ? plan.warmup() : most;
  }

  /**
   * Opens and closes the connections once, under load. What a connection's begin and end does would
   * else be new to the compiler in the measurements, and it would compile all that calls it again.
   */
  private void rehearse(@Nullable Double rate) throws IOException, InterruptedException {
    long begin = memory.now();
    start(1, rate);
    TimeUnit.NANOSECONDS.sleep(atMost(SHORT).toNanos());
    client.tell("measure");
    var unused = awaitLoad();
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
    boolean warm = new WarmUp(server, plan.cores(), warmup).await();
    memory.phase("warm-up", begin);
    begin = memory.now();
    client.tell("measure");
    long then = System.nanoTime();
    ServerFigures before = figures();
    TimeUnit.MILLISECONDS.sleep((long) (MEASURED * plan.durationMillis()));
    long nanos = System.nanoTime() - then;
    ServerFigures after = figures();
    LoadFigures load = awaitLoad();
    memory.phase(name, begin);
    Served served = new Served(before, after, nanos, warm);
    return new Measured(phase(rate, load, served), served);
  }

  private LoadFigures awaitLoad() throws IOException {
    LoadFigures load = client.await(LoadFigures.class);
    wrongAnswers += load.wrongAnswers();
    return load;
  }

  private ServerFigures figures() throws IOException {
    return server.ask("figures", ServerFigures.class);
  }

  /** What the server did in a time. */
  private record Served(ServerFigures before, ServerFigures after, long nanos, boolean warm) {
    long change(ToLongFunction<ServerFigures> figure) {
      return figure.applyAsLong(after) - figure.applyAsLong(before);
    }

    double perRequest(ToLongFunction<ServerFigures> figure) {
      return (double) change(figure) / Math.max(1, change(ServerFigures::requests));
    }

    double busy() {
      return (double) change(ServerFigures::loopCpuNanos) / nanos;
    }
  }

  private static Phase phase(@Nullable Double rate, LoadFigures load, Served served) {
    return new Phase(
        rate,
        load.perSecond(),
        served.change(ServerFigures::requests),
        served.perRequest(ServerFigures::loopCpuNanos),
        served.perRequest(ServerFigures::javaCpuNanos),
        served.perRequest(ServerFigures::cpuNanos),
        load.latency(),
        load.errors(),
        load.mismatchedBytes(),
        served.busy(),
        served.warm(),
        load.clientBusy(),
        load.latestSendNanos());
  }

  private void close() throws IOException {
    client.ask("close", LoadProcess.Event.class);
  }

  /** Silence, where the connections stay open; else they are closed at once. */
  private void settle() throws IOException, InterruptedException {
    if (!step.scenario().staysConnected()) {
      close();
      return;
    }
    long begin = memory.now();
    TimeUnit.MILLISECONDS.sleep(plan.settleMillis());
    memory.phase("silence", begin);
  }

  private RunResult result(int order, Measured flatOut, Measured atRate)
      throws IOException, InterruptedException {
    ServerFigures end = figures();
    Served first = flatOut.served();
    Served second = atRate.served();
    boolean settled = step.scenario().staysConnected();
    RunResult result =
        new RunResult(
            step.scenario().name(),
            step.subject().label(),
            step.subject().allocator(),
            step.round(),
            order,
            plan.seed() + step.round(),
            flatOut.phase(),
            atRate.phase(),
            end.peakResidentBytes(),
            settled ? end.residentBytes() : -1,
            peakUpstream(memory.samples()),
            settled ? upstream(end) : -1,
            first.change(ServerFigures::gcCount) + second.change(ServerFigures::gcCount),
            first.change(ServerFigures::gcNanos) + second.change(ServerFigures::gcNanos),
            end.leaks(),
            memory.samples(),
            memory.phases(),
            null);
    if (settled) {
      close();
    }
    return result;
  }

  private static long peakUpstream(List<MemorySample> samples) {
    return samples.stream().mapToLong(MemorySample::upstreamBytes).max().orElse(-1);
  }

  private static long upstream(ServerFigures figures) {
    return figures.directBytes() < 0 ? -1 : figures.directBytes() + figures.heapBytes();
  }
}
