package dev.tidepool.benchmarks.memory;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/** Serves over the loopback, with the allocator being measured. */
final class LoopbackServer implements AutoCloseable {
  private static final int BACKLOG = 4096;

  private final Channel channel;

  private LoopbackServer(Channel channel) {
    this.channel = channel;
  }

  /**
   * @param handler makes the handler of a connection, which may add others
   */
  static LoopbackServer start(Subject subject, Loops loops, Supplier<ChannelHandler> handler)
      throws InterruptedException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.ALLOCATOR, subject.allocator())
            .childHandler(new Pipeline(subject, handler));
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new LoopbackServer(bootstrap.bind(anyPort).sync().channel());
  }

  int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  @Override
  public void close() {
    var unused = channel.close().awaitUninterruptibly();
  }

  /** What a connection is handled by. */
  private static final class Pipeline extends ChannelInitializer<SocketChannel> {
    private final Subject subject;
    private final Supplier<ChannelHandler> handler;

    Pipeline(Subject subject, Supplier<ChannelHandler> handler) {
      this.subject = subject;
      this.handler = handler;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      channel.pipeline().addLast(handler.get());
      subject.addTo(channel.pipeline());
    }
  }
}
