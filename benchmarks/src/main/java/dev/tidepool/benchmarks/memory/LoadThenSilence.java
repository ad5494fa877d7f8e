package dev.tidepool.benchmarks.memory;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import java.io.IOException;
import java.time.Duration;

/**
 * Large messages, each echoed once all of it has come, some in flight on each connection of a
 * server with two event loops; then nothing, while all stay connected. The start is the server's,
 * before the first connection.
 */
record LoadThenSilence(int connections, int loadSeconds, int silentSeconds) implements Scenario {
  private static final int LOOPS = 2;
  private static final int MESSAGE_BYTES = 64 * 1024;
  private static final int IN_FLIGHT = 2;
  private static final Duration STEP = Duration.ofMillis(50);

  @Override
  public void run(Subject subject, Figures figures) throws IOException, InterruptedException {
    Talk talk = Talk.echo(connections, MESSAGE_BYTES, IN_FLIGHT, loadSeconds).withinLimits();
    String situation = "%,d connections, 2 × 64 KiB echoed".formatted(talk.connections());
    try (Loops loops = new Loops(LOOPS);
        LoopbackServer server = LoopbackServer.start(subject, loops, Pipeline::new)) {
      long residentBefore = ProcessMemory.resident();
      try (ClientProcess client = ClientProcess.start(server.port(), talk)) {
        client.awaitConnected();
        MemorySeries load = MemorySeries.until(taken -> client.hasSpoken(), subject, STEP);
        figures.addPeaks(situation, load, residentBefore);
        figures.add(situation, "messages echoed", Figures.COUNT, client.awaitEchoed());
        Thread.sleep(Duration.ofSeconds(silentSeconds).toMillis());
        String then = ", then %d s of silence".formatted(silentSeconds);
        figures.addHeld(situation + then, subject, residentBefore);
      }
    }
  }

  private static final class Pipeline extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      channel.pipeline().addLast(new FixedLengthFrameDecoder(MESSAGE_BYTES), new EchoAtOnce());
    }
  }
}
