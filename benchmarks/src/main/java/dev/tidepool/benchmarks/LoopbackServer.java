package dev.tidepool.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/** A server on the loopback, with the allocator being measured. */
public final class LoopbackServer implements AutoCloseable {
  private static final int BACKLOG = 4096;

  private final Channel channel;

  /**
   * @param handler makes the handler of a connection, which may add others
   */
  public LoopbackServer(Subject subject, EventLoopGroup loops, Supplier<ChannelHandler> handler)
      throws InterruptedException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOCATOR, subject.allocator())
            .childHandler(new Pipeline(subject, handler));
    channel = bootstrap.bind(InetAddress.getLoopbackAddress(), 0).sync().channel();
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public void close() {
    var unused = channel.close().awaitUninterruptibly();
  }

  /** What a connection is handled by. */
  private static final class Pipeline extends ChannelInitializer<Channel> {
    private final Subject subject;
    private final Supplier<ChannelHandler> handler;

    Pipeline(Subject subject, Supplier<ChannelHandler> handler) {
      this.subject = subject;
      this.handler = handler;
    }

    @Override
    protected void initChannel(Channel channel) {
      channel.pipeline().addLast(handler.get());
      subject.addTo(channel.pipeline());
    }
  }
}
