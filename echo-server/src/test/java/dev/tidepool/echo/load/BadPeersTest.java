package dev.tidepool.echo.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.Checks;
import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.protocol.RawProtocol;
import dev.tidepool.echo.testing.HandlerServer;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Loads on servers that do what no server should: errors are counted, and the load goes on. */
class BadPeersTest {
  private static final SizeMix SIZES = new SizeMix("100", List.of(new SizeRange(100, 100)));
  private static final long STALL_MILLIS = 400;
  private static final long DELAY_MILLIS = 20;

  private static HandlerServer server(Supplier<ChannelHandler> handlers) throws IOException {
    return new HandlerServer(TransportChoice.NIO, Checks.OFF, handlers);
  }

  private static LoadSettings.Builder settings(HandlerServer server) {
    return LoadSettings.builder(server.address(), new RawProtocol())
        .sizes(SIZES)
        .threads(1)
        .connections(4)
        .pipeline(2)
        .timeout(TestServer.PATIENCE);
  }

  private static LoadResult load(LoadSettings.Builder settings) throws IOException {
    try (LoadClient client = new LoadClient(settings.build(), TransportChoice.NIO.resolve())) {
      client.connect();
      return client.run().join();
    }
  }

  /** Does not read for a while, once, when so many bytes have come. */
  private static final class Staller extends ChannelInboundHandlerAdapter {
    private final AtomicBoolean stalled = new AtomicBoolean();
    private long left = 10_000;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      left -= ((ByteBuf) message).readableBytes();
      if (left <= 0 && stalled.compareAndSet(false, true)) {
        ctx.executor()
            .schedule(() -> ctx.fireChannelRead(message), STALL_MILLIS, TimeUnit.MILLISECONDS)
            .addListener(done -> ctx.fireChannelReadComplete());
      } else {
        ctx.fireChannelRead(message);
      }
    }
  }

  private static long over(Histogram latencies, long millis) {
    return latencies.getCountBetweenValues(
        TimeUnit.MILLISECONDS.toNanos(millis), Long.MAX_VALUE / 2);
  }

  @Test
  void aStallShowsInTheLatenciesFromTheIntendedTimes() throws Exception {
    try (HandlerServer server = server(Staller::new)) {
      LoadResult result =
          load(settings(server).connections(1).pipeline(1).ratePerSecond(500.0).requests(500L));
      assertThat(result.errors()).isEmpty();
      assertThat(result.sent()).isEqualTo(500);
      assertThat(result.answered()).isEqualTo(500);
      Histogram intended = result.intendedLatencies();
      assertThat(intended).isNotNull();
      assertThat(intended.getTotalCount()).isEqualTo(500);
      long slow = over(result.latencies(), STALL_MILLIS / 2);
      assertThat(slow).isPositive();
      assertThat(over(intended, STALL_MILLIS / 2)).isGreaterThan(20 * slow);
      assertThat(result.elapsed())
          .as("as the schedule has it")
          .isGreaterThan(Duration.ofMillis(997));
    }
  }

  @Test
  void withoutAScheduleThereAreNoIntendedTimes() throws Exception {
    try (HandlerServer server = server(ChannelInboundHandlerAdapter::new)) {
      LoadResult result = load(settings(server).requests(50L));
      assertThat(result.intendedLatencies()).isNull();
      assertThat(result.client().latestSendNanos()).isZero();
      assertThat(result.answered()).isEqualTo(50);
    }
  }

  /** Answers each message late. */
  private static final class Delayer extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.executor()
          .schedule(
              () -> ctx.fireChannelRead(message).fireChannelReadComplete(),
              DELAY_MILLIS,
              TimeUnit.MILLISECONDS);
    }
  }

  /** Each but the first begins when that before it was answered. */
  @Test
  void aServerThatIsTooSlowForTheRateMissesIt() throws Exception {
    try (HandlerServer server = server(Delayer::new)) {
      LoadResult result =
          load(settings(server).connections(1).pipeline(1).ratePerSecond(1000.0).requests(20L));
      assertThat(result.answered()).isEqualTo(20);
      assertThat(result.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(19 * DELAY_MILLIS));
      assertThat(result.scheduled()).isGreaterThanOrEqualTo(19 * DELAY_MILLIS);
    }
  }

  @Test
  void whatAnOverloadedServerMissesOfTheWarmUpIsNotOwedToTheMeasurement() throws Exception {
    try (HandlerServer server = server(Delayer::new)) {
      LoadResult result =
          load(
              settings(server)
                  .connections(1)
                  .pipeline(1)
                  .ratePerSecond(1000.0) // of which the server answers fifty
                  .warmup(Duration.ofMillis(400))
                  .duration(Duration.ofMillis(400)));
      assertThat(result.errors()).isEmpty();
      assertThat(result.answered()).isPositive().isEqualTo(result.sent());
      Histogram intended = result.intendedLatencies();
      assertThat(intended).isNotNull();
      assertThat(intended.getTotalCount()).isEqualTo(result.answered());
      assertThat(result.elapsed()).isEqualTo(Duration.ofMillis(400));
    }
  }

  /** Closes each connection after so many messages; in order, or by a reset. */
  private static final class Closer extends ChannelInboundHandlerAdapter {
    private final boolean resets;
    private int left;

    Closer(boolean resets, int messages) {
      this.resets = resets;
      this.left = messages;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (left-- > 0) {
        ctx.fireChannelRead(message);
        return;
      }
      ReferenceCountUtil.release(message);
      if (resets) {
        ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
      }
      ctx.close();
    }
  }

  private static LoadResult loadOnClosing(boolean resets) throws Exception {
    AtomicLong opened = new AtomicLong();
    try (HandlerServer server =
        server(() -> new Closer(resets, (int) (opened.incrementAndGet() % 7)))) {
      LoadResult result = load(settings(server).pipeline(1).requests(200L));
      assertThat(opened.get()).as("connections were opened again").isGreaterThan(10);
      return result;
    }
  }

  @Test
  void connectionsThatTheServerClosesAreOpenedAgain() throws Exception {
    LoadResult result = loadOnClosing(false);
    assertThat(result.errors()).containsOnlyKeys(ErrorCause.CLOSED);
    assertThat(result.sent()).isEqualTo(200);
    assertThat(result.answered()).isEqualTo(200 - result.errorCount()).isPositive();
    assertThat(result.failure().toString()).contains("closed the connection with 1 requests");
  }

  @Test
  void connectionsThatTheServerResetsAreOpenedAgain() throws Exception {
    LoadResult result = loadOnClosing(true);
    assertThat(result.errors()).containsOnlyKeys(ErrorCause.RESET);
    assertThat(result.sent()).isEqualTo(200);
    assertThat(result.answered()).isEqualTo(200 - result.errorCount()).isPositive();
  }

  /** Never answers the first connections, and the later ones as it should. */
  private static final class Mute extends ChannelInboundHandlerAdapter {
    private final boolean mute;

    Mute(boolean mute) {
      this.mute = mute;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (mute) {
        ReferenceCountUtil.release(message);
      } else {
        ctx.fireChannelRead(message);
      }
    }
  }

  @Test
  void whatIsNotAnsweredInTimeIsAnErrorAndTheLoadGoesOn() throws Exception {
    AtomicLong opened = new AtomicLong();
    try (HandlerServer server = server(() -> new Mute(opened.getAndIncrement() < 4))) {
      LoadResult result = load(settings(server).requests(40L).timeout(Duration.ofMillis(200)));
      assertThat(result.errors()).isEqualTo(Map.of(ErrorCause.TIMEOUT, 4L));
      assertThat(result.sent()).isEqualTo(40);
      assertThat(result.answered()).isEqualTo(32);
      assertThat(result.failed()).isEqualTo(8);
      assertThat(result.failure().toString()).contains("no echo of request 0 within 200 ms");
    }
  }

  @Test
  void aLoadThatIsNeverAnsweredEndsEarly() throws Exception {
    try (HandlerServer server = server(() -> new Mute(true))) {
      LoadResult result =
          load(settings(server).duration(Duration.ofHours(1)).timeout(Duration.ofMillis(100)));
      assertThat(result.answered()).isZero();
      assertThat(result.gaveUp()).isTrue();
      assertThat(result.errors()).containsOnlyKeys(ErrorCause.TIMEOUT);
      assertThat(result.failure())
          .hasToString(
              "all connections: nothing was answered for 5100 ms, expected an answer within 100 ms");
    }
  }

  @Test
  void whereNoConnectionCanBeOpenedTheLoadDoesNotBegin() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    LoadSettings settings =
        LoadSettings.builder(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), new RawProtocol())
            .requests(1L)
            .build();
    try (LoadClient client = new LoadClient(settings, TransportChoice.NIO.resolve())) {
      assertThatThrownBy(client::connect)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("cannot connect to 127.0.0.1:" + port)
          .hasMessageContaining("refused");
    }
  }

  /** Flips a bit of every so many-th message. */
  private static final class Flipper extends ChannelInboundHandlerAdapter {
    private int messages;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      if (++messages % 10 == 0) {
        bytes.setByte(bytes.readerIndex(), bytes.getByte(bytes.readerIndex()) ^ 1);
      }
      ctx.fireChannelRead(message);
    }
  }

  @Test
  void wrongBytesAreCountedAndTheLoadGoesOn() throws Exception {
    try (HandlerServer server = server(Flipper::new)) {
      LoadResult result = load(settings(server).pipeline(1).requests(200L));
      assertThat(result.errors()).containsOnlyKeys(ErrorCause.MISMATCH);
      assertThat(result.errorCount()).isGreaterThan(4).isEqualTo(result.bytesMismatched());
      assertThat(result.answered()).isEqualTo(200 - result.errorCount());
      assertThat(result.failure().isMismatch()).isTrue();
    }
  }
}
