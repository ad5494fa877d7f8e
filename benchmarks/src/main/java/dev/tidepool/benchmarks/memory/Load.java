package dev.tidepool.benchmarks.memory;

import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Every connection echoes 1 KiB messages, some in flight, for a while.
 *
 * @param delayMillis from a message's arrival to its echo; 0: at once
 */
record Load(int connections, int seconds, int delayMillis) implements Scenario {
  private static final int MESSAGE_BYTES = 1024;
  private static final int IN_FLIGHT = 4;
  private static final Duration STEP = Duration.ofMillis(20);

  @Override
  public void run(Subject subject, Figures figures) throws IOException, InterruptedException {
    Talk talk = Talk.echo(connections, MESSAGE_BYTES, IN_FLIGHT, seconds).withinLimits();
    Supplier<ChannelHandler> echo =
        delayMillis == 0 ? EchoAtOnce::new : () -> new EchoLater(delayMillis);
    try (Loops loops = new Loops();
        LoopbackServer server = LoopbackServer.start(subject, loops, echo);
        ClientProcess client = ClientProcess.start(server.port(), talk)) {
      client.awaitConnected();
      long residentBefore = ProcessMemory.resident();
      MemorySeries series = MemorySeries.until(taken -> client.hasSpoken(), subject, STEP);
      String situation = situation(talk.connections());
      figures.addPeaks(situation, series, residentBefore);
      figures.add(situation, "messages echoed", Figures.COUNT, client.awaitEchoed());
    }
  }

  private String situation(int count) {
    return delayMillis == 0
        ? "%,d connections, echo at once".formatted(count)
        : "%,d connections, echo after %d ms".formatted(count, delayMillis);
  }
}
