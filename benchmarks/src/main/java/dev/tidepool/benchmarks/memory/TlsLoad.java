package dev.tidepool.benchmarks.memory;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Every connection makes a TLS handshake, then echoes 1 KiB messages. The start is before the first
 * connection. Netty's handler takes heap buffers for the JDK's engine; they and the engine are on
 * the Java heap, which is resident from the start.
 */
record TlsLoad(int connections, int seconds) implements Scenario {
  private static final int MESSAGE_BYTES = 1024;
  private static final Duration STEP = Duration.ofMillis(20);

  /** Ten thousand engines are more than the others' heap holds, on either side. */
  @Override
  public List<String> heap() {
    List<String> heap = new ArrayList<>(Jvm.MEASURED_HEAP);
    heap.addAll(List.of("-Xms1g", "-Xmx1g"));
    return heap;
  }

  @Override
  public void run(Subject subject, Figures figures) throws Exception {
    Talk talk = Talk.echo(connections, MESSAGE_BYTES, 1, seconds).withinLimits();
    SslContext context = Tls.server();
    try (Loops loops = new Loops();
        LoopbackServer server = LoopbackServer.start(subject, loops, () -> new Pipeline(context))) {
      long livingBefore = ProcessMemory.livingHeap();
      long residentBefore = ProcessMemory.resident();
      try (ClientProcess client =
          ClientProcess.start(TlsClient.class, heap(), talk.arguments(server.port()))) {
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
