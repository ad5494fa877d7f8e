package dev.tidepool.benchmarks.memory;

import static dev.tidepool.benchmarks.AllocatorUnderTest.POOLED;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.EchoHandler;
import dev.tidepool.benchmarks.Figures;
import dev.tidepool.benchmarks.LoopbackServer;
import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import io.netty.channel.Channel;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.time.Duration;
import org.openjdk.jmh.annotations.Param;

/** How much connections hold that are all at work, and after it. */
@Suite(
    title = "Load",
    operation = "Connections that echo, all at work; large messages, then silence; TLS.",
    quick = {
      "connections=500",
      "talking=200",
      "tls=300",
      "delayMillis=0",
      "seconds=1",
      "silentSeconds=4",
      "underTest=CONNECTION,POOLED,ADAPTIVE"
    })
@Target(where = " connections, echo", figure = Figures.PEAK_HELD, atMost = 0.5, thanBetter = true)
@Target(where = "of silence", figure = Figures.RSS_RISE, atMost = 32 << 20)
@Target(where = "of silence", figure = Figures.RSS_RISE, atMost = 1, than = POOLED)
@Target(where = "with TLS", figure = Figures.PEAK_RSS, atMost = 0.5, thanBetter = true)
public final class Load {
  private static final String ECHOED = "messages echoed";
  private static final int SMALL_BYTES = 1024;

  private Load() {}

  /** Every connection echoes 1 KiB messages, some in flight, for a while. */
  public static class Echo extends MemoryBenchmark {
    private static final int IN_FLIGHT = 4;
    private static final Duration STEP = Duration.ofMillis(20);

    @Param("10000")
    public int connections;

    @Param("8")
    public int seconds;

    /** From a message's arrival to its echo; 0: at once. */
    @Param({"0", "20"})
    public int delayMillis;

    @Override
    void measure() throws IOException, InterruptedException {
      Talk talk = Talk.echo(connections, SMALL_BYTES, IN_FLIGHT);
      try (Loops loops = new Loops();
          LoopbackServer server =
              new LoopbackServer(
                  subject,
                  loops.group(),
                  channel -> channel.pipeline().addLast(new EchoHandler(delayMillis)));
          ClientProcess client = ClientProcess.start(server, talk)) {
        client.awaitConnected();
        start();
        client.talk(1000L * seconds);
        String when = delayMillis == 0 ? "at once" : "after %d ms".formatted(delayMillis);
        String situation = "%,d connections, echo %s".formatted(talk.connections(), when);
        addLoad(situation, ECHOED, client, STEP);
      }
    }
  }

  /**
   * Large messages, each echoed once all of it has come, some in flight on each connection of a
   * server with two event loops; then nothing, while all stay connected. The start is the server's,
   * before the first connection.
   */
  public static class Silence extends MemoryBenchmark {
    private static final int LOOPS = 2;
    private static final int MESSAGE_BYTES = 64 * 1024;
    private static final int IN_FLIGHT = 2;
    private static final Duration STEP = Duration.ofMillis(50);

    @Param("2000")
    public int talking;

    @Param("8")
    public int seconds;

    @Param("8")
    public int silentSeconds;

    @Override
    void measure() throws IOException, InterruptedException {
      Talk talk = Talk.echo(talking, MESSAGE_BYTES, IN_FLIGHT);
      String situation = "%,d connections, 2 × 64 KiB echoed".formatted(talk.connections());
      try (Loops loops = new Loops(LOOPS);
          LoopbackServer server = new LoopbackServer(subject, loops.group(), Silence::setUp)) {
        start();
        try (ClientProcess client = ClientProcess.start(server, talk)) {
          client.awaitConnected();
          client.talk(1000L * seconds);
          addLoad(situation, ECHOED, client, STEP);
          Thread.sleep(Duration.ofSeconds(silentSeconds).toMillis());
          String then = ", then %d s of silence".formatted(silentSeconds);
          addHeld(situation + then);
        }
      }
    }

    private static void setUp(Channel channel) {
      channel.pipeline().addLast(new FixedLengthFrameDecoder(MESSAGE_BYTES), new EchoHandler(0));
    }
  }

  /**
   * Every connection makes a TLS handshake, then echoes 1 KiB messages. The start is before all of
   * them, but after some others, for which the classes of TLS were loaded and compiled. The
   * engines, and the heap buffers that Netty's handler takes for them, are on the Java heap, which
   * is resident from the start. Not with the allocator whose memory is what is alive, as a
   * handshake takes long.
   */
  public static class WithTls extends MemoryBenchmark {
    private static final int WARM_UP = 100;
    private static final Duration STEP = Duration.ofMillis(20);

    @Param("10000")
    public int tls;

    @Param("4")
    public int seconds;

    @Override
    void measure() throws Exception {
      if (underTest == AllocatorUnderTest.UNPOOLED) {
        return;
      }
      Talk talk = Talk.echo(tls, SMALL_BYTES, 1).withTls();
      SslContext context = Tls.server();
      try (Loops loops = new Loops();
          LoopbackServer server =
              new LoopbackServer(subject, loops.group(), channel -> setUp(channel, context))) {
        warmUp(server);
        long livingBefore = ProcessMemory.livingHeap();
        start();
        try (ClientProcess client = ClientProcess.start(server, talk)) {
          client.talk(1000L * seconds);
          String situation = "%,d connections with TLS".formatted(talk.connections());
          addLoad(situation, ECHOED, client, STEP);
          addLiving(situation, livingBefore, talk.connections());
        }
      }
    }

    private static void warmUp(LoopbackServer server) throws IOException {
      Talk talk = Talk.echo(WARM_UP, SMALL_BYTES, 1).withTls();
      try (ClientProcess client = ClientProcess.start(server, talk)) {
        client.talk(1000);
        var unused = client.awaitEchoed();
      }
    }

    private static void setUp(Channel channel, SslContext context) {
      channel.pipeline().addLast(Tls.handler(context, channel), new EchoHandler(0));
    }
  }
}
