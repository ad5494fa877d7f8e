package dev.tidepool.benchmarks.memory;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tidepool.benchmarks.LoopbackServer;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The other end of every connection, in a process of its own: its memory and its sockets are not
 * the server's. On one event loop.
 *
 * <p>Connects, says so, and {@linkplain Talk talks} once for each line on its standard input, which
 * says for how many milliseconds; then it says how many messages came back, and how long they took:
 * {@code MESSAGES P50_NANOS P999_NANOS MOST_NANOS}. It stays connected until its standard input
 * ends. With TLS it does not say that it has connected, for a handshake belongs to the work.
 */
final class EchoClient {
  static final String CONNECTED = "connected";
  private static final int CONNECTING_AT_ONCE = 256;
  private static final int DIGITS = 3;
  private static final int WRITTEN_AT_ONCE = 16 * 1024;
  private static final ByteBuf ZEROES =
      Unpooled.unreleasableBuffer(
          Unpooled.directBuffer(WRITTEN_AT_ONCE).writeZero(WRITTEN_AT_ONCE).asReadOnly());

  private final Talk talk;
  private final @Nullable SslContext tls;
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Semaphore mayConnect = new Semaphore(CONNECTING_AT_ONCE);
  private final List<Connection> connections = new ArrayList<>();

  // Of the event loop
  private Promise<@Nullable Void> silent = loop.next().newPromise();
  private Histogram nanos = new Histogram(DIGITS);
  private long sent;
  private long echoed;
  private long end;

  private EchoClient(Talk talk) throws Exception {
    this.talk = talk;
    this.tls = talk.tls() ? Tls.client() : null;
  }

  /** {@code PORT TALK}, a {@link Talk} as JSON. */
  public static void main(String[] args) throws Exception {
    EchoClient client = new EchoClient(JSON.std.beanFrom(Talk.class, args[1]));
    client.connect(Integer.parseInt(args[0]));
    if (client.tls == null) {
      System.out.println(CONNECTED);
    }
    Scanner millis = new Scanner(System.in, StandardCharsets.UTF_8);
    while (millis.hasNextLong()) {
      System.out.println(client.talk(millis.nextLong()));
    }
    System.exit(0);
  }

  private String talk(long millis) throws Exception {
    Promise<@Nullable Void> answered = loop.next().newPromise();
    loop.submit(() -> sendFirst(millis, answered)).get();
    answered.get();
    loop.submit(() -> connections.forEach(each -> each.write(talk.begunBytes()))).get();
    return "%d %d %d %d"
        .formatted(
            nanos.getTotalCount(),
            nanos.getValueAtPercentile(50),
            nanos.getValueAtPercentile(99.9),
            nanos.getMaxValue());
  }

  private void sendFirst(long millis, Promise<@Nullable Void> answered) {
    nanos = new Histogram(DIGITS);
    silent = answered;
    end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    connections.forEach(each -> each.send(talk.inFlight()));
  }

  static Bootstrap bootstrap(EventLoopGroup loops) {
    return new Bootstrap()
        .group(loops)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.SO_LINGER, 0) // leaves no port waiting behind
        .option(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(true));
  }

  private void connect(int port) throws InterruptedException {
    Bootstrap bootstrap = bootstrap(loop);
    for (int i = 0; i < talk.connections(); i++) {
      mayConnect.acquire();
      Connection connection = new Connection();
      connections.add(connection);
      var unused =
          bootstrap
              .clone()
              .handler(LoopbackServer.initializer(channel -> setUp(channel, connection)))
              .connect(InetAddress.getLoopbackAddress(), port)
              .addListener(done -> connected(done, tls == null));
    }
    mayConnect.acquire(CONNECTING_AT_ONCE);
  }

  private void connected(Future<?> done, boolean isReady) {
    if (!done.isSuccess()) {
      fail(done.cause());
    }
    if (isReady) {
      mayConnect.release();
    }
  }

  private static void fail(Throwable cause) {
    cause.printStackTrace();
    System.exit(1);
  }

  private void setUp(Channel channel, Connection connection) {
    if (tls != null) {
      SslHandler handler = Tls.handler(tls, channel);
      channel.pipeline().addLast(handler);
      var unused = handler.handshakeFuture().addListener(done -> connected(done, true));
    }
    channel.pipeline().addLast(connection);
  }

  /** One connection; counts in bytes, as its messages are all alike. */
  private final class Connection extends SimpleChannelInboundHandler<ByteBuf> {
    private final long atLeast = (long) talk.rounds() * talk.inFlight();
    private @Nullable ChannelHandlerContext ctx;
    private long requests;
    private long sentAt;
    private long toWrite;
    private boolean isWriting;
    private long read;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      this.ctx = ctx;
    }

    void send(int messages) {
      sent += messages;
      requests += messages;
      sentAt = System.nanoTime();
      write((long) messages * talk.requestBytes());
    }

    void write(long bytes) {
      toWrite += bytes;
      if (!isWriting) {
        writeSome();
      }
    }

    /** Large messages arrive in pieces, mixed with other connections', as over a network. */
    private void writeSome() {
      int bytes = (int) Math.min(toWrite, WRITTEN_AT_ONCE);
      isWriting = bytes > 0;
      if (isWriting && ctx != null) {
        toWrite -= bytes;
        var unused = ctx.writeAndFlush(ZEROES.slice(0, bytes)).addListener(done -> written());
      }
    }

    /** The others come first. */
    private void written() {
      isWriting = toWrite > 0;
      if (isWriting) {
        loop.execute(this::writeSome);
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf message) {
      long before = read / talk.answerBytes();
      read += message.readableBytes();
      int messages = (int) (read / talk.answerBytes() - before);
      echoed += messages;
      nanos.recordValueWithCount(System.nanoTime() - sentAt, messages);
      if (messages > 0 && (System.nanoTime() < end || requests < atLeast)) {
        send(messages);
      }
      if (echoed == sent) {
        silent.trySuccess(null);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      fail(new IllegalStateException("connection: closed by the server (expected: an echo)"));
    }

    @Override
    @SuppressWarnings("deprecation") // inbound, and not deprecated there
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      fail(cause);
    }
  }
}
