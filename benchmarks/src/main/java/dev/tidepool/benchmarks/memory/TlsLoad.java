package dev.tidepool.benchmarks.memory;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.time.Duration;

/**
 * Every connection makes a TLS handshake, then echoes 1 KiB messages. The start is before all of
 * them, but after some others, for which the classes of TLS were loaded and compiled. The engines,
 * and the heap buffers that Netty's handler takes for them, are on the Java heap, which is resident
 * from the start.
 */
record TlsLoad(int connections, int seconds) implements Scenario {
  private static final int MESSAGE_BYTES = 1024;
  private static final int WARM_UP = 100;
  private static final Duration STEP = Duration.ofMillis(20);

  @Override
  public void run(Subject subject, Figures figures) throws Exception {
    Talk talk = Talk.echo(connections, MESSAGE_BYTES, 1, seconds).withinLimits();
    SslContext context = Tls.server();
    try (Loops loops = new Loops();
        LoopbackServer server = LoopbackServer.start(subject, loops, () -> new Pipeline(context))) {
      warmUp(server);
      long livingBefore = ProcessMemory.livingHeap();
      long residentBefore = ProcessMemory.resident();
      try (ClientProcess client = client(talk, server)) {
        MemorySeries series = MemorySeries.until(taken -> client.hasSpoken(), subject, STEP);
        String situation = "%,d connections with TLS".formatted(talk.connections());
        figures.addPeaks(situation, series, residentBefore);
        figures.add(situation, "messages echoed", Figures.COUNT, client.awaitEchoed());
        double living = (double) (ProcessMemory.livingHeap() - livingBefore) / talk.connections();
        figures.add(
            situation, "heap bytes per connection (after a collection)", Figures.BYTES, living);
      }
    }
  }

  private static void warmUp(LoopbackServer server) throws IOException {
    try (ClientProcess client = client(Talk.echo(WARM_UP, MESSAGE_BYTES, 1, 1), server)) {
      var unused = client.awaitEchoed();
    }
  }

  private static ClientProcess client(Talk talk, LoopbackServer server) throws IOException {
    return ClientProcess.start(TlsClient.class, Jvm.MEASURED_HEAP, talk.arguments(server.port()));
  }

  /** Adds TLS before the echo. */
  private static final class Pipeline extends ChannelInitializer<Channel> {
    private final SslContext context;

    Pipeline(SslContext context) {
      this.context = context;
    }

    @Override
    protected void initChannel(Channel channel) {
      channel.pipeline().addLast(Tls.handler(context, channel), new EchoAtOnce());
    }
  }
}
