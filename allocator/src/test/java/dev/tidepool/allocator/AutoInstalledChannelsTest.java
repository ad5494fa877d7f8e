package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LoopbackServer.Connection;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import java.io.DataInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Arenas in accepted channels whose application knows nothing of them, and what may go wrong. */
class AutoInstalledChannelsTest {
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.FULL);
  @RegisterExtension private final LoopbackServer server = new LoopbackServer();
  @RegisterExtension private final CapturedLog log = new CapturedLog();

  private final ExecutorService workers = Executors.newSingleThreadExecutor();
  private final AtomicLong resetsWithinRequests = new AtomicLong();

  @AfterEach
  void end() throws InterruptedException {
    workers.shutdown();
    assertThat(workers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  /** As Netty does, before the server's channel is registered. */
  private Consumer<ServerBootstrap> installing(AutoInstallSettings settings) {
    AutoInstall install = new AutoInstall(settings, guard::allocator);
    return bootstrap ->
        bootstrap.handler(
            new ChannelInitializer<ServerChannel>() {
              @Override
              protected void initChannel(ServerChannel channel) {
                install.listen(channel);
              }
            });
  }

  private Connection connect(Transport transport, Consumer<Channel> pipeline) throws Exception {
    server.start(transport, installing(AutoInstallSettingsTest.settings(Map.of())), pipeline);
    return server.connect();
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.writeAndFlush(message);
    }
  }

  private void assertAllClosed() {
    TestThreads.await("the last arena", () -> guard.allocator().metric().openArenas() == 0);
  }

  // Every transport

  @ParameterizedTest
  @EnumSource
  void everyTransportsChannelsHaveArenas(Transport transport) throws Exception {
    Connection connection = connect(transport, channel -> channel.pipeline().addLast(new Echo()));
    for (int i = 1; i <= 10; i++) {
      connection.send(new byte[100 * i]);
      connection.receive(100 * i);
      connection.awaitRequests(i);
    }
  }

  // TLS, with the codec behind the negotiation

  /** Answers each request from another thread: read bursts are over before the request is. */
  private final class LateHello extends SimpleChannelInboundHandler<HttpObject> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
      if (message instanceof LastHttpContent) {
        ConnectionArena arena = ArenaLifecycleHandler.arena(ctx.channel());
        long before = arena.metric().resets();
        workers.execute(() -> answer(ctx, arena, before));
      }
    }

    private void answer(ChannelHandlerContext ctx, ConnectionArena arena, long before) {
      TestThreads.run(ctx.executor(), () -> {}); // after the burst
      resetsWithinRequests.addAndGet(arena.metric().resets() - before);
      ctx.writeAndFlush(HttpServerChannel.empty(HttpResponseStatus.NO_CONTENT));
    }
  }

  private static SslContext tls(Path directory) throws Exception {
    Path store = directory.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=loopback",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "loopback")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "loopback".toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, "loopback".toCharArray());
    return SslContextBuilder.forServer(factory)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_1_1))
        .build();
  }

  @Test
  void aCodecThatAlpnChoosesIsFoundBeforeItsFirstRequest(@TempDir Path directory) throws Exception {
    SslContext tls = tls(directory);
    CompletableFuture<Object> allocator = new CompletableFuture<>();
    server.start(
        Transport.NIO,
        installing(AutoInstallSettingsTest.settings(Map.of())),
        channel -> {
          allocator.complete(channel.alloc());
          channel
              .pipeline()
              .addLast(tls.newHandler(channel.alloc()))
              .addLast(
                  new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
                    @Override
                    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
                      ctx.pipeline().addLast(new HttpServerCodec(), new LateHello());
                    }
                  });
        });
    Connection connection = server.connect();
    assertThat(allocator.get()).isSameAs(connection.arena());
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    try (SSLSocket socket =
        (SSLSocket)
            trusting.getSocketFactory().createSocket(connection.socket(), "loopback", 443, true)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {ApplicationProtocolNames.HTTP_1_1});
      socket.setSSLParameters(parameters);
      for (int i = 0; i < 10; i++) {
        socket.getOutputStream().write(HttpServerChannel.GET.getBytes(StandardCharsets.US_ASCII));
        assertThat(head(socket)).startsWith("HTTP/1.1 204");
      }
      connection.onLoop(() -> {});
      assertThat(resetsWithinRequests).hasValue(0);
      assertThat(connection.arena().metric().resets()).isGreaterThanOrEqualTo(10);
    }
    assertAllClosed();
  }

  private static String head(Socket socket) throws Exception {
    StringBuilder head = new StringBuilder();
    DataInputStream in = new DataInputStream(socket.getInputStream());
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  // What may go wrong

  @Test
  void anInitializerThatThrowsClosesItsChannelAndItsArena() throws Exception {
    server.start(
        Transport.NIO,
        installing(AutoInstallSettingsTest.settings(Map.of())),
        channel -> {
          throw new IllegalStateException("an initializer's own");
        });
    try (Socket socket = new Socket()) {
      socket.connect(server.address());
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    assertAllClosed();
    assertThat(log.lines("Failed to initialize a channel")).isNotEmpty();
  }

  @Test
  void aChannelThatIsClosedInItsInitializerLeavesNoArena() throws Exception {
    server.start(
        Transport.NIO,
        installing(AutoInstallSettingsTest.settings(Map.of())),
        channel -> {
          channel.pipeline().addLast(new HttpServerCodec());
          channel.close();
        });
    try (Socket socket = new Socket()) {
      socket.connect(server.address());
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    assertAllClosed();
  }

  @Test
  void aChannelThatIsNeverRegisteredLeavesNoArena() throws Exception {
    EventLoopGroup accepting = Transport.NIO.loops(1);
    EventLoopGroup ended = Transport.NIO.loops(1);
    TestThreads.end(ended);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(accepting, ended)
            .channel(NioServerSocketChannel.class)
            .childHandler(new Echo());
    installing(AutoInstallSettingsTest.settings(Map.of())).accept(bootstrap);
    Channel listening =
        bootstrap.bind(InetAddress.getLoopbackAddress(), 0).syncUninterruptibly().channel();
    try (Socket socket = new Socket()) {
      socket.connect((InetSocketAddress) listening.localAddress());
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    TestThreads.await(
        "the failure",
        () ->
            !log.lines("Force-closing a channel whose registration task was not accepted")
                .isEmpty());
    assertThat(guard.allocator().metric().openArenas()).isZero();
    TestThreads.end(accepting);
  }

  @Test
  void aChannelThatMovesToAnotherLoopKeepsItsBoundary() throws Exception {
    Connection connection =
        connect(
            Transport.NIO,
            channel -> channel.pipeline().addLast(new HttpServerCodec()).addLast(new LateHello()));
    get(connection);
    Channel channel = connection.channel();
    ConnectionArena before = connection.arena();
    EventLoop other = server.loops().next();
    while (other == channel.eventLoop()) {
      other = server.loops().next();
    }
    channel.deregister().syncUninterruptibly();
    other.register(channel).syncUninterruptibly();
    TestThreads.run(channel.eventLoop(), () -> {}); // after the handlers have heard of it
    assertThat(connection.arena()).isNotSameAs(before);
    TestThreads.await("the former arena's end", before::isClosed);
    get(connection);
    connection.onLoop(() -> assertThat(handlers(channel)).containsOnlyOnce("MessageBoundary"));
    TestThreads.await("its reset", () -> connection.arena().metric().resets() == 1);
    channel.close().syncUninterruptibly();
    assertAllClosed();
  }

  private static void get(Connection connection) throws Exception {
    connection.send(HttpServerChannel.GET.getBytes(StandardCharsets.US_ASCII));
    assertThat(head(connection.socket())).startsWith("HTTP/1.1 204");
  }

  private static List<String> handlers(Channel channel) {
    return channel.pipeline().toMap().values().stream()
        .map(handler -> handler.getClass().getSimpleName())
        .toList();
  }

  @Test
  @SuppressWarnings("deprecation") // of handlers on executors of their own, in 4.2
  void handlersOnExecutorsOfTheirOwnUseTheArena() throws Exception {
    EventExecutorGroup executors = new DefaultEventExecutorGroup(1);
    Connection connection =
        connect(
            Transport.NIO,
            channel ->
                channel
                    .pipeline()
                    .addLast(new HttpServerCodec())
                    .addLast(executors, new LateHello()));
    for (int i = 1; i <= 10; i++) {
      get(connection);
      connection.awaitRequests(i);
    }
    assertThat(resetsWithinRequests).hasValue(0);
    connection.channel().close().syncUninterruptibly();
    assertAllClosed();
    TestThreads.await(
        "the handlers' removal", () -> connection.channel().pipeline().names().size() == 1);
    TestThreads.run(connection.channel().eventLoop(), () -> {});
    TestThreads.end(executors);
  }

  @Test
  void aFailureIsLoggedOnceAndTheChannelsGoOn() throws Exception {
    AutoInstall failing =
        new AutoInstall(
            AutoInstallSettingsTest.settings(Map.of()),
            () -> {
              throw new IllegalArgumentException("alignment: 17");
            });
    server.start(
        Transport.NIO,
        bootstrap ->
            bootstrap.handler(
                new ChannelInitializer<ServerChannel>() {
                  @Override
                  protected void initChannel(ServerChannel channel) {
                    failing.listen(channel);
                  }
                }),
        channel -> channel.pipeline().addLast(new Echo()));
    for (int i = 0; i < 3; i++) {
      Connection connection = server.connect();
      connection.send((byte) 7);
      assertThat(connection.receive(1)).containsExactly(7);
      assertThat(connection.arena()).isNull();
    }
    assertThat(log.lines("An arena could not be installed")).hasSize(1);
    assertThat(log.lines("alignment: 17")).hasSize(1);
  }

  // What is left as it is

  @Test
  void anExcludedServersChannelsAreLeftAsTheyAre() throws Exception {
    server.start(
        Transport.NIO,
        installing(AutoInstallSettingsTest.excluding("*.example:*, 127.0.0.*:*")),
        channel -> channel.pipeline().addLast(new Echo()));
    Connection connection = server.connect();
    connection.send((byte) 7);
    assertThat(connection.receive(1)).containsExactly(7);
    assertThat(connection.arena()).isNull();
    assertThat(handlers(connection.channel())).containsExactly("Echo");
  }
}
