package dev.tidepool.echo.tls;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static dev.tidepool.echo.testing.TestClient.frame;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.protocol.RawProtocol;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.testing.TlsClient;
import dev.tidepool.echo.transport.Transport;
import dev.tidepool.echo.transport.TransportChoice;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of TLS connections by close_notify, from both sides, and clients that read slowly. */
class TlsCloseTest {
  private static final byte[] LARGE = frame(bytes(4 << 20, 5));
  private static final long FAR_TOO_MUCH = 64L << 20;

  /** A burst of reads as it came, decrypted, and encrypted again. */
  private static final long SERVER_MAY_HOLD = 8L << 20;

  private static final long HARD_BUDGET = 4L << 20;
  private static final long STALLED_MILLIS = 300;

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void aHalfClosedClientGetsItsRest(TransportChoice transport) throws Exception {
    try (TestServer server =
            TestServer.arena(new FramedProtocol(), transport, tls(TlsProvider.JDK));
        TlsClient client = new TlsClient(server.address(), "TLSv1.3")) {
      Thread sender = inBackground(() -> sendAndEnd(client));
      assertThat(client.in().readAllBytes()).isEqualTo(LARGE);
      sender.join();
      assertGood(server);
    }
  }

  private static void sendAndEnd(TlsClient client) throws IOException {
    client.out().write(LARGE);
    client.endOutput();
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void anIdleConnectionEndsByCloseNotifyWhenTheServerStops(TlsProvider provider) throws Exception {
    MultiThreadIoEventLoopGroup loop = nio().newEventLoops("tls-close", 1);
    try (TestServer server =
        TestServer.arena(new RawProtocol(), TransportChoice.AUTO, tls(provider))) {
      SslHandler client = connect(server, loop);
      assertGood(server);
      assertThat(client.sslCloseFuture().await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(client.sslCloseFuture().cause()).as("close_notify came before the end").isNull();
    } finally {
      loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aClientThatEndsIsAnsweredByCloseNotify(TlsProvider provider) throws Exception {
    MultiThreadIoEventLoopGroup loop = nio().newEventLoops("tls-close", 1);
    try (TestServer server =
        TestServer.arena(new RawProtocol(), TransportChoice.AUTO, tls(provider))) {
      SslHandler client = connect(server, loop);
      assertThat(client.closeOutbound().await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(client.sslCloseFuture().await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(client.sslCloseFuture().cause()).as("close_notify came before the end").isNull();
      assertGood(server);
    } finally {
      loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void stopsReadingFromAClientThatDoesNotRead(TlsProvider provider) throws Exception {
    try (TestServer server =
            TestServer.arena(new RawProtocol(), TransportChoice.AUTO, tls(provider));
        TlsClient client = new TlsClient(server.address())) {
      client.handshake();
      AtomicLong sent = new AtomicLong();
      Thread sender = inBackground(() -> sendTooMuch(client, sent));
      awaitStall(sent);
      assertThat(sent.get()).isLessThan(FAR_TOO_MUCH);
      assertThat(server.memory().used()).isLessThan(SERVER_MAY_HOLD);

      client.in().skipNBytes(FAR_TOO_MUCH);
      sender.join();
      client.leave();
      assertThat(assertGood(server).memory().arenas().peak()).isLessThan(SERVER_MAY_HOLD);
    }
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aBudgetBoundsAClientThatDoesNotRead(TlsProvider provider) throws Exception {
    ArenaByteBufAllocator allocator =
        ArenaByteBufAllocator.builder().softBudget(1 << 20).hardBudget(HARD_BUDGET).build();
    try (TestServer server =
            new TestServer(new RawProtocol(), allocator, TransportChoice.AUTO, 1, tls(provider));
        TlsClient client = new TlsClient(server.address())) {
      client.handshake();
      AtomicLong sent = new AtomicLong();
      Thread sender = inBackground(() -> sendTooMuch(client, sent));
      awaitStall(sent);
      assertThat(allocator.metric().chargedMemory()).isLessThanOrEqualTo(HARD_BUDGET);

      client.in().skipNBytes(FAR_TOO_MUCH);
      sender.join();
      client.leave();
      assertGood(server);
    }
  }

  private static void sendTooMuch(TlsClient client, AtomicLong sent) throws IOException {
    byte[] chunk = new byte[64 << 10];
    while (sent.get() < FAR_TOO_MUCH) {
      client.out().write(chunk);
      sent.addAndGet(chunk.length);
    }
  }

  private static void awaitStall(AtomicLong sent) throws InterruptedException {
    long before = -1;
    while (sent.get() != before || before == 0) {
      before = sent.get();
      TimeUnit.MILLISECONDS.sleep(STALLED_MILLIS);
    }
  }

  /** What is done in the background. */
  @FunctionalInterface
  private interface Io {
    void run() throws IOException;
  }

  private static Thread inBackground(Io io) {
    Thread thread =
        new Thread(
            () -> {
              try {
                io.run();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Connects and has a byte echoed: then the handshake is over on both sides. */
  private static SslHandler connect(TestServer server, MultiThreadIoEventLoopGroup loop)
      throws Exception {
    CompletableFuture<Object> echo = new CompletableFuture<>();
    SslContext context =
        SslContextBuilder.forClient()
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm(null)
            .build();
    Channel channel =
        new Bootstrap()
            .group(loop)
            .channel(nio().socketChannel())
            .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(context.newHandler(channel.alloc()), echoed(echo));
                  }
                })
            .connect(server.address())
            .syncUninterruptibly()
            .channel();
    channel.writeAndFlush(Unpooled.copiedBuffer("x", US_ASCII));
    assertThat(echo.get(20, TimeUnit.SECONDS)).isNotNull();
    return channel.pipeline().get(SslHandler.class);
  }

  private static ChannelInboundHandlerAdapter echoed(CompletableFuture<Object> echo) {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
        echo.complete(message);
      }
    };
  }

  private static Transport nio() throws IOException {
    return TransportChoice.NIO.resolve();
  }

  private static ServedSummary assertGood(TestServer server) {
    ServedSummary served = server.stop();
    assertThat(served.errors()).isZero();
    assertThat(served.memory().used()).isZero();
    server.assertNoMoreFaults();
    return served;
  }

  private static ServerTls tls(TlsProvider provider) throws IOException {
    return ServerTls.selfSigned(provider, List.of(), Duration.ofSeconds(20));
  }
}
