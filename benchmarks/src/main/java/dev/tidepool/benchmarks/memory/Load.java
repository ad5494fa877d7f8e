package dev.tidepool.benchmarks.memory;

import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.function.Supplier;

/**
 * Every connection echoes 1 KiB messages, some in flight, for a while.
 *
 * @param delayMillis from a message's arrival to its echo; 0: at once
 */
record Load(int connections, int seconds, int delayMillis) implements Scenario {
  private static final int IN_FLIGHT = 4;
  private static final Duration STEP = Duration.ofMillis(20);

  @Override
  public void run(Subject subject, Figures figures) throws IOException, InterruptedException {
    int count = OpenFiles.atMost(connections);
    Supplier<ChannelHandler> echo =
        delayMillis == 0 ? EchoAtOnce::new : () -> new EchoLater(delayMillis);
    try (Loops loops = new Loops();
        EchoServer server = EchoServer.start(subject, loops, echo);
        EchoClientProcess client =
            EchoClientProcess.start(server.port(), count, IN_FLIGHT, seconds)) {
      client.awaitConnected();
      long residentBefore = ProcessMemory.resident();
      MemorySeries series = MemorySeries.until(taken -> client.hasSpoken(), subject, STEP);
      report(situation(count), series, residentBefore, figures);
      long echoed = client.awaitEchoed();
      figures.add(situation(count), "messages echoed", Figures.COUNT, echoed);
    }
  }

  private String situation(int count) {
    return delayMillis == 0
        ? "%,d connections, echo at once".formatted(count)
        : "%,d connections, echo after %d ms".formatted(count, delayMillis);
  }

  private static void report(
      String situation, MemorySeries series, long residentBefore, Figures figures) {
    figures.add(
        situation, "peak upstream bytes held", Figures.BYTES, series.peakHeld(), series.held());
    figures.add(
        situation,
        "peak RSS above the start",
        Figures.BYTES,
        Collections.max(series.resident()) - residentBefore);
  }
}
