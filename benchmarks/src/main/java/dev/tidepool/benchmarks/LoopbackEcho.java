package dev.tidepool.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ArenaLifecycleHandler;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A Netty echo server with one event loop, and one blocking connection to it. */
final class LoopbackEcho implements AutoCloseable {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final EventLoopGroup group;
  private final long loopThread;
  private final SocketChannel client;
  private final ByteBuffer message;

  private LoopbackEcho(int messageLength, Consumer<Channel> onAccept) throws Exception {
    group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    loopThread = group.submit(() -> Thread.currentThread().getId()).get();
    client = SocketChannel.open(bind(onAccept));
    client.socket().setTcpNoDelay(true);
    message = ByteBuffer.allocateDirect(messageLength);
  }

  static LoopbackEcho with(AllocatorUnderTest allocator, int messageLength) throws Exception {
    return new LoopbackEcho(messageLength, channel -> install(allocator, channel));
  }

  /** Reads always into the same buffer, for which no allocator is asked. */
  static LoopbackEcho withKeptBuffer(int messageLength) throws Exception {
    ByteBuf kept = Unpooled.directBuffer(messageLength);
    return new LoopbackEcho(
        messageLength, channel -> channel.config().setRecvByteBufAllocator(new Kept(kept)));
  }

  private static void install(AllocatorUnderTest allocator, Channel channel) {
    EventLoop loop = channel.eventLoop();
    if (allocator == AllocatorUnderTest.CONNECTION) {
      channel
          .pipeline()
          .addFirst(new ArenaLifecycleHandler(ArenaByteBufAllocator.builder().build()));
    } else {
      channel.config().setAllocator(allocator.create(loop));
    }
  }

  private InetSocketAddress bind(Consumer<Channel> onAccept) throws InterruptedException {
    Channel server =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Initializer(onAccept))
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    return (InetSocketAddress) server.localAddress();
  }

  /** Sends the message and waits until all of it is back. */
  int roundTrip() throws IOException {
    message.clear();
    while (message.hasRemaining()) {
      client.write(message);
    }
    message.clear();
    while (message.hasRemaining()) {
      if (client.read(message) < 0) {
        throw new IOException("the server closed the connection");
      }
    }
    return message.position();
  }

  /** Bytes that the event-loop thread has allocated on the Java heap since it began. */
  long loopAllocatedBytes() {
    return THREADS.getThreadAllocatedBytes(loopThread);
  }

  @Override
  public void close() throws IOException {
    client.close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** Sends back what arrives. */
  private static final class Initializer extends ChannelInitializer<Channel> {
    private final Consumer<Channel> onAccept;

    Initializer(Consumer<Channel> onAccept) {
      this.onAccept = onAccept;
    }

    @Override
    protected void initChannel(Channel channel) {
      channel.pipeline().addLast(new Echo());
      onAccept.accept(channel);
    }
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      var unused = ctx.write(message, ctx.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      ctx.flush();
    }
  }

  /** Hands out the same buffer for every read. */
  private static final class Kept extends FixedRecvByteBufAllocator {
    private final ByteBuf kept;

    Kept(ByteBuf kept) {
      super(kept.capacity());
      this.kept = kept;
    }

    @Override
    @SuppressWarnings("deprecation") // the type is what RecvByteBufAllocator must return
    public Handle newHandle() {
      return new DelegatingHandle(super.newHandle()) {
        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
          return kept.retain().clear();
        }
      };
    }
  }
}
