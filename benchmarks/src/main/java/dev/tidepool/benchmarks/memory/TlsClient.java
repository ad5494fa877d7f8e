package dev.tidepool.benchmarks.memory;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Echoes as {@link EchoClient} does, but over TLS, and so with Netty, on one event loop. Of its
 * connections' end it says nothing apart: a handshake belongs to the work.
 */
final class TlsClient {
  private final Talk talk;
  private final SslContext context = Tls.client();
  private final Bootstrap bootstrap =
      new Bootstrap()
          .group(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()))
          .channel(NioSocketChannel.class)
          .option(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(true));
  private final Semaphore mayConnect = new Semaphore(EchoClient.CONNECTING_AT_ONCE);
  private final CountDownLatch silent;
  private final AtomicLong echoed = new AtomicLong();
  private volatile long end;

  private TlsClient(Talk talk) throws IOException {
    this.talk = talk;
    this.silent = new CountDownLatch(talk.connections());
  }

  /** {@link Talk#arguments}. */
  public static void main(String[] args) throws Exception {
    new TlsClient(Talk.of(args)).run(Integer.parseInt(args[0]));
    System.in.transferTo(OutputStream.nullOutputStream());
    System.exit(0);
  }

  private void run(int port) throws InterruptedException {
    InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    Echo[] connections = new Echo[talk.connections()];
    for (int i = 0; i < connections.length; i++) {
      mayConnect.acquire();
      connections[i] = new Echo();
      var unused = bootstrap.clone().handler(new Pipeline(connections[i])).connect(server);
    }
    mayConnect.acquire(EchoClient.CONNECTING_AT_ONCE);
    end = System.nanoTime() + TimeUnit.SECONDS.toNanos(talk.seconds());
    for (Echo each : connections) {
      each.send();
    }
    silent.await();
    System.out.println(EchoClient.ECHOED + echoed.get());
  }

  private final class Pipeline extends ChannelInitializer<Channel> {
    private final Echo echo;

    Pipeline(Echo echo) {
      this.echo = echo;
    }

    @Override
    protected void initChannel(Channel channel) {
      SslHandler tls = Tls.handler(context, channel);
      channel.pipeline().addLast(tls, echo);
      var unused = tls.handshakeFuture().addListener(done -> connected(done.cause()));
    }

    private void connected(@Nullable Throwable failure) {
      if (failure != null) {
        fail(failure);
      }
      mayConnect.release();
    }
  }

  /** One connection; counts in bytes, as its messages are all alike. */
  private final class Echo extends SimpleChannelInboundHandler<ByteBuf> {
    private @Nullable ChannelHandlerContext ctx;
    private long read;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      this.ctx = ctx;
    }

    void send() {
      ChannelHandlerContext to = Objects.requireNonNull(ctx, "ctx");
      int bytes = talk.requestBytes();
      var unused = to.writeAndFlush(to.alloc().directBuffer(bytes).writeZero(bytes));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf message) {
      long before = read / talk.answerBytes();
      read += message.readableBytes();
      long messages = read / talk.answerBytes() - before;
      echoed.addAndGet(messages);
      for (; messages > 0 && System.nanoTime() < end; messages--) {
        send();
      }
      if (messages > 0) {
        silent.countDown();
      }
    }

    @Override
    @SuppressWarnings("deprecation") // inbound, and not deprecated there
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      fail(cause);
    }
  }

  private static void fail(Throwable cause) {
    cause.printStackTrace();
    System.exit(1);
  }
}
