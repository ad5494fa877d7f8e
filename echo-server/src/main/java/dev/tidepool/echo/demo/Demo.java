package dev.tidepool.echo.demo;

import dev.tidepool.echo.load.LoadClient;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.LoadSettings;
import dev.tidepool.echo.load.result.ServerSide;
import dev.tidepool.echo.server.ArenaSummary;
import dev.tidepool.echo.server.EchoServer;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.server.ServerFigures;
import dev.tidepool.echo.server.ServerFiguresSource;
import dev.tidepool.echo.server.ServerMemory;
import dev.tidepool.echo.transport.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A load on a server in the same process. The load has its own allocator, so that the memory
 * figures are the server's alone.
 */
public final class Demo {
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final EchoServer server;
  private final ServerMemory memory;
  private final Transport transport;
  private final ServerFiguresSource figures;
  private final ProgressLine progress;
  private final Duration interval;

  /**
   * @param figures makes those of the server's process
   */
  public Demo(
      EchoServer server,
      ServerMemory memory,
      ServerFiguresSource figures,
      Transport transport,
      ProgressLine progress,
      Duration interval) {
    this.server = server;
    this.memory = memory;
    this.figures = figures;
    this.transport = transport;
    this.progress = progress;
    this.interval = interval;
  }

  /** What is done between the load's end and the server's stop. */
  @FunctionalInterface
  public interface Afterwards {
    /** Nothing. */
    Afterwards NOTHING = (load, arenas, side) -> {};

    void run(LoadResult load, ArenaSummary arenas, ServerSide side)
        throws IOException, InterruptedException;
  }

  /**
   * Runs the load on the server, which has started, and stops both.
   *
   * @param interruption ends the load before its time when it completes
   */
  public DemoSummary run(
      LoadSettings settings, CompletionStage<Void> interruption, Afterwards afterwards)
      throws IOException, InterruptedException {
    LoadResult load;
    ArenaSummary arenas;
    ServerSide side;
    ServedSummary served;
    try {
      try (LoadClient client = new LoadClient(settings, transport)) {
        interruption.thenRun(client::interrupt);
        client.connect();
        ServerFigures before = figures.read();
        load = watch(client);
        side = ServerSide.of(before, figures.read());
        arenas = server.arenas();
      }
      afterwards.run(load, arenas, side);
    } finally {
      served = server.stop(DRAIN);
    }
    return new DemoSummary(load, arenas, side, served);
  }

  private LoadResult watch(LoadClient client) throws InterruptedException {
    DemoProgress lines = new DemoProgress(client.tally(), memory);
    CompletableFuture<LoadResult> running = client.run();
    while (!doneWithin(interval, running)) {
      progress.show(lines.line());
    }
    progress.end();
    return running.join();
  }

  private static boolean doneWithin(Duration time, CompletableFuture<LoadResult> running)
      throws InterruptedException {
    try {
      running.get(time.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    }
  }
}
