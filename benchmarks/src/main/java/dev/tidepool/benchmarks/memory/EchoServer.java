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

/** Echoes over the loopback, with the allocator being measured. */
final class EchoServer implements AutoCloseable {
  private static final int BACKLOG = 4096;

  private final Channel channel;

  private EchoServer(Channel channel) {
    this.channel = channel;
  }

  /**
   * @param echo makes the handler of a connection
   */
  static EchoServer start(Subject subject, Loops loops, Supplier<ChannelHandler> echo)
      throws InterruptedException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.ALLOCATOR, subject.allocator())
            .childHandler(new Pipeline(subject, echo));
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new EchoServer(bootstrap.bind(anyPort).sync().channel());
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
    private final Supplier<ChannelHandler> echo;

    Pipeline(Subject subject, Supplier<ChannelHandler> echo) {
      this.subject = subject;
      this.echo = echo;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      channel.pipeline().addLast(echo.get());
      subject.addTo(channel.pipeline());
    }
  }
}
