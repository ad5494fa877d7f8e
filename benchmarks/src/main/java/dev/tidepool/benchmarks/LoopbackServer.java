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
import java.util.function.Consumer;

/** A server on the loopback, with the allocator being measured. */
public final class LoopbackServer implements AutoCloseable {
  private static final int BACKLOG = 4096;

  private final Channel channel;

  /**
   * @param setUp adds the handlers of a connection
   */
  public LoopbackServer(Subject subject, EventLoopGroup loops, Consumer<Channel> setUp)
      throws InterruptedException {
    Consumer<Channel> addArena = channel -> subject.addTo(channel.pipeline());
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOCATOR, subject.allocator())
            .childHandler(initializer(setUp.andThen(addArena)));
    channel = bootstrap.bind(InetAddress.getLoopbackAddress(), 0).sync().channel();
  }

  /** A handler that sets a channel up and goes. */
  public static ChannelHandler initializer(Consumer<Channel> setUp) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        setUp.accept(channel);
      }
    };
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public void close() {
    var unused = channel.close().awaitUninterruptibly();
  }
}
