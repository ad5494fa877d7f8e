package dev.tidepool.echo.compare;

import dev.tidepool.echo.compare.RunResult.MemorySample;
import dev.tidepool.echo.compare.RunResult.Span;
import dev.tidepool.echo.live.DaemonThreads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Samples the memory of a server's process from its begin to its end, ten times a second. */
final class MemoryWatch implements AutoCloseable {
  private static final long PERIOD_MILLIS = 100;
  private static final long LONGEST_SAMPLE_SECONDS = 10;

  private final Child server;
  private final long begin = System.nanoTime();
  private final List<MemorySample> samples = new ArrayList<>();
  private final List<Span> phases = new ArrayList<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("memory-watch"));

  MemoryWatch(Child server) {
    this.server = server;
    var unused =
        clock.scheduleWithFixedDelay(this::sample, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void sample() {
    try {
      ServedProcess.Memory memory = server.ask("memory", ServedProcess.Memory.class);
      synchronized (samples) {
        samples.add(new MemorySample(now(), memory.residentBytes(), memory.upstreamBytes()));
      }
    } catch (IOException e) {
      clock.shutdown(); // the run itself finds that the server has ended
    }
  }

  /** Milliseconds since the begin. */
  long now() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
  }

  /** A phase that began then ends now. */
  void phase(String name, long fromMillis) {
    phases.add(new Span(name, fromMillis, now()));
  }

  List<MemorySample> samples() {
    synchronized (samples) {
      return List.copyOf(samples);
    }
  }

  List<Span> phases() {
    return List.copyOf(phases);
  }

  /** No sample is taken any more when this returns. */
  @Override
  public void close() {
    clock.shutdownNow();
    try {
      if (!clock.awaitTermination(LONGEST_SAMPLE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "a sample of memory took longer than " + LONGEST_SAMPLE_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
