package dev.tidepool.allocator.netty;

import dev.tidepool.allocator.ArenaAllocatorMetric;
import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ArenaLifecycleHandler;
import dev.tidepool.allocator.ConnectionArena;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.Version;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A program of its own: servers and clients as anyone writes them with Netty, run by whatever Netty
 * is on the class path. Its servers know nothing of arenas; it prints what their channels' arenas
 * did, and exits with 1 if something was wrong.
 */
public final class UnchangedServers {
  private static final int REQUESTS = 20;

  private final String transport;
  private final EventLoopGroup loops;
  private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();

  private UnchangedServers(String transport) throws Exception {
    this.transport = transport;
    this.loops = loops(transport);
  }

  /**
   * Runs it.
   *
   * @param arguments the transport: {@code nio} or {@code epoll}
   */
  public static void main(String[] arguments) {
    try {
      new UnchangedServers(arguments[0]).run();
    } catch (Throwable e) {
      e.printStackTrace();
      System.exit(1); // its event loops would keep the process alive
    }
  }

  private void run() throws Exception {
    System.out.println("netty: " + Version.identify().get("netty-buffer").artifactVersion());
    echo();
    http("http", false);
    http("aggregated http", true);
    webSocket();
    local();
    loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    System.out.println(end());
  }

  // The transports, by names: those that are deprecated in 4.2 are the only ones that 4.1 has too

  private static EventLoopGroup loops(String transport) throws Exception {
    String name =
        transport.equals("nio")
            ? "io.netty.channel.nio.NioEventLoopGroup"
            : "io.netty.channel.epoll.EpollEventLoopGroup";
    return Class.forName(name)
        .asSubclass(EventLoopGroup.class)
        .getConstructor(int.class)
        .newInstance(2);
  }

  private Class<? extends ServerChannel> serverChannel() throws Exception {
    String name =
        transport.equals("nio")
            ? "io.netty.channel.socket.nio.NioServerSocketChannel"
            : "io.netty.channel.epoll.EpollServerSocketChannel";
    return Class.forName(name).asSubclass(ServerChannel.class);
  }

  // The servers

  /** A pipeline, as an application writes it. */
  private interface Pipeline {
    void of(Channel channel);
  }

  private ServerBootstrap server(Pipeline pipeline) throws Exception {
    return new ServerBootstrap()
        .group(loops)
        .channel(serverChannel())
        .childHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                pipeline.of(channel);
                accepted.add(channel);
              }
            });
  }

  private Socket connect(Pipeline pipeline) throws Exception {
    Channel server =
        server(pipeline).bind(InetAddress.getLoopbackAddress(), 0).syncUninterruptibly().channel();
    Socket socket = new Socket();
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    socket.connect((InetSocketAddress) server.localAddress());
    return socket;
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.writeAndFlush(message);
    }
  }

  /** Answers each request with the bytes of its body, when it has them all. */
  private static final class HttpEcho extends SimpleChannelInboundHandler<HttpObject> {
    private ByteBuf body;

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
      if (message instanceof HttpContent content) {
        body = body == null ? ctx.alloc().buffer() : body;
        body.writeBytes(content.content());
      }
      if (message instanceof LastHttpContent) {
        ctx.writeAndFlush(response(body));
        body = null;
      }
    }
  }

  private static final class AggregatedEcho extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest message) {
      ctx.writeAndFlush(response(ctx.alloc().buffer().writeBytes(message.content())));
    }
  }

  private static DefaultFullHttpResponse response(ByteBuf body) {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    return response;
  }

  private static final class TextEcho extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
      ctx.writeAndFlush(frame.retain());
    }
  }

  // What clients do

  private void echo() throws Exception {
    try (Socket socket = connect(channel -> channel.pipeline().addLast(new Echo()))) {
      Channel channel = accepted.take();
      for (int i = 1; i <= REQUESTS; i++) {
        byte[] sent =
            "%d bytes".formatted(i * 1000).repeat(100).getBytes(StandardCharsets.US_ASCII);
        socket.getOutputStream().write(sent);
        check(new String(sent, StandardCharsets.US_ASCII), receive(socket, sent.length));
        awaitResets(channel, i);
      }
      report("echo", channel);
    }
  }

  private void http(String name, boolean aggregated) throws Exception {
    try (Socket socket =
        connect(
            channel ->
                channel
                    .pipeline()
                    .addLast(new HttpServerCodec())
                    .addLast(
                        aggregated ? new HttpObjectAggregator(1 << 20) : new Idle(),
                        aggregated ? new AggregatedEcho() : new HttpEcho()))) {
      Channel channel = accepted.take();
      for (int i = 1; i <= REQUESTS; i++) {
        post(socket, "body " + i, true);
        checkResponse(socket, "body " + i);
        awaitResets(channel, i);
      }
      report(name, channel);
      pipeline(socket);
    }
  }

  private static final class Idle extends ChannelInboundHandlerAdapter {}

  /** Sent in two parts: a read burst is over before the request is. */
  private static void post(Socket socket, String body, boolean inTwo) throws Exception {
    String head =
        "POST / HTTP/1.1\r\nHost: loopback\r\nContent-Length: %d\r\n\r\n".formatted(body.length());
    if (inTwo) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
    } else {
      socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static void pipeline(Socket socket) throws Exception {
    for (int i = 0; i < REQUESTS; i++) {
      post(socket, "pipelined " + i, false);
    }
    for (int i = 0; i < REQUESTS; i++) {
      checkResponse(socket, "pipelined " + i);
    }
  }

  private static void checkResponse(Socket socket, String body) throws IOException {
    String head = "HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n".formatted(body.length());
    check(head + body, receive(socket, head.length() + body.length()));
  }

  private void webSocket() throws Exception {
    try (Socket socket =
        connect(
            channel ->
                channel
                    .pipeline()
                    .addLast(new HttpServerCodec())
                    .addLast(new HttpObjectAggregator(1 << 16))
                    .addLast(new WebSocketServerProtocolHandler("/"))
                    .addLast(new TextEcho()))) {
      Channel channel = accepted.take();
      upgrade(socket);
      channel.eventLoop().submit(() -> {}).sync(); // after the upgrade's burst
      for (int i = 1; i <= REQUESTS; i++) {
        awaitResets(channel, i + 1); // the upgrade ends as an exchange, then as a burst
        sendMasked(socket, "frame " + (char) ('a' + i));
        check("\u0081\u0007frame " + (char) ('a' + i), receive(socket, 9));
      }
      awaitResets(channel, REQUESTS + 2);
      report("websocket", channel);
    }
  }

  private static void upgrade(Socket socket) throws IOException {
    String request =
        """
        GET / HTTP/1.1
        Host: loopback
        Connection: Upgrade
        Upgrade: websocket
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

        """;
    socket
        .getOutputStream()
        .write(request.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) socket.getInputStream().read());
    }
    check("HTTP/1.1 101 Switching Protocols", head.substring(0, head.indexOf("\r\n")));
  }

  /** A frame of seven characters, masked with zeros. */
  private static void sendMasked(Socket socket, String text) throws IOException {
    String frame = "\u0081\u0087\0\0\0\0" + text;
    socket.getOutputStream().write(frame.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A server and a client within the process. */
  private void local() throws Exception {
    ServerBootstrap server = server(channel -> channel.pipeline().addLast(new Echo()));
    report("local", localClient(server, new LocalAddress("unchanged")));
  }

  private Channel localClient(ServerBootstrap server, SocketAddress address) throws Exception {
    EventLoopGroup group = localLoops();
    BlockingQueue<String> received = new LinkedBlockingQueue<>();
    new ServerBootstrap()
        .group(group)
        .channel(LocalServerChannel.class)
        .childHandler(server.config().childHandler())
        .bind(address)
        .syncUninterruptibly();
    Channel client =
        new Bootstrap()
            .group(group)
            .channel(LocalChannel.class)
            .handler(
                new SimpleChannelInboundHandler<ByteBuf>() {
                  @Override
                  protected void channelRead0(ChannelHandlerContext ctx, ByteBuf message) {
                    received.add(message.toString(StandardCharsets.US_ASCII));
                  }
                })
            .connect(address)
            .syncUninterruptibly()
            .channel();
    ByteBuf hello = client.alloc().buffer();
    client.writeAndFlush(hello.writeBytes("hello".getBytes(StandardCharsets.US_ASCII)));
    check("hello", received.take());
    report("client", client);
    Channel channel = accepted.take();
    client.close().syncUninterruptibly();
    channel.closeFuture().syncUninterruptibly();
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    return channel;
  }

  private static EventLoopGroup localLoops() throws Exception {
    return Class.forName("io.netty.channel.DefaultEventLoopGroup")
        .asSubclass(EventLoopGroup.class)
        .getConstructor(int.class)
        .newInstance(1);
  }

  private static String receive(Socket socket, int count) throws IOException {
    byte[] bytes = new byte[count];
    new DataInputStream(socket.getInputStream()).readFully(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static void check(String expected, String received) {
    if (!expected.equals(received)) {
      throw new IllegalStateException("expected: " + expected + ", received: " + received);
    }
  }

  // What the arenas did

  private static void report(String name, Channel channel) {
    ConnectionArena arena = ArenaLifecycleHandler.arena(channel);
    System.out.println(
        arena == null
            ? name + ": no arena"
            : "%s: resets: %d".formatted(name, arena.metric().resets()));
  }

  private static void awaitResets(Channel channel, long count) throws InterruptedException {
    ConnectionArena arena = ArenaLifecycleHandler.arena(channel);
    if (arena != null) {
      await(count + " resets", () -> arena.metric().resets() >= count);
    }
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(20)) {
        throw new IllegalStateException("waited in vain: " + what);
      }
      Thread.sleep(1);
    }
  }

  private static String end() throws InterruptedException {
    ArenaAllocatorMetric metric;
    try {
      metric = ArenaByteBufAllocator.DEFAULT.metric();
    } catch (LinkageError e) {
      return "no allocator";
    }
    await("all arenas to close", () -> metric.openArenas() == 0);
    await("all memory to go back", () -> metric.usedDirectMemory() + metric.usedHeapMemory() == 0);
    return "open: %d, held: %d, leaks: %d"
        .formatted(
            metric.openArenas(),
            metric.usedDirectMemory() + metric.usedHeapMemory(),
            metric.leaks());
  }
}
