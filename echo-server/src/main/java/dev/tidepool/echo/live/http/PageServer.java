package dev.tidepool.echo.live.http;

import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.figures.Failures;
import dev.tidepool.echo.server.FaultLog;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The server of the live page, on one event loop of its own. Its memory comes from an allocator of
 * its own too, so that watching a server changes none of the figures watched; unpooled, so that the
 * page holds nothing when it has nothing to send.
 */
public final class PageServer implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 2_000;
  private static final long TIDY_SECONDS = 5;
  private static final int BACKLOG = 1024;

  /** Bounds what the kernel holds for a viewer that does not read. */
  private static final int SEND_BUFFER = 128 << 10;

  /** Less than a sample: a viewer with one unwritten is not writable, and gets no second. */
  private static final WriteBufferWaterMark UNWRITTEN = new WriteBufferWaterMark(4 << 10, 16 << 10);

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("live-page", true), NioIoHandler.newFactory());
  private final ChannelGroup connections = new DefaultChannelGroup(loops.next(), true);
  private final PageConfig config;
  private final FaultLog faults;
  private final EventStreams streams;
  private final Api api;
  private @Nullable Channel listener;

  public PageServer(PageConfig config, PageSource source, FaultLog faults) {
    this.config = config;
    this.faults = faults;
    EventLoop loop = loops.next();
    streams =
        new EventStreams(
            source.feed(), source.leaks(), allocator, loop, config.viewers(), config.patience());
    this.api = new Api(source, streams);
    source.feed().latest(); // waits for the first, so that the event loop never does
    loop.scheduleAtFixedRate(api::tidy, TIDY_SECONDS, TIDY_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Starts listening, on the address that it returns.
   *
   * @throws IOException if it cannot
   */
  public InetSocketAddress start() throws IOException {
    ChannelFuture bound = bootstrap().bind(config.address()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close();
      throw new IOException(
          "cannot listen on "
              + Addresses.text(config.address())
              + " for the page: "
              + Failures.reason(bound.cause()),
          bound.cause());
    }
    listener = bound.channel();
    return (InetSocketAddress) bound.channel().localAddress();
  }

  private ServerBootstrap bootstrap() {
    PagePipeline pipeline =
        new PagePipeline(
            new ConnectionLimit(config.connections()),
            new RequestCheck(new OwnNames(config.host())),
            api.routes(),
            faults,
            connections);
    return new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.ALLOCATOR, allocator)
        .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNWRITTEN)
        .childHandler(pipeline);
  }

  /** The number of viewers that get events. Any thread. */
  public int viewers() {
    return streams.viewers();
  }

  /** What the page's own allocator holds. */
  public ByteBufAllocatorMetric memory() {
    return allocator.metric();
  }

  /** Closes the listener and all connections, and ends the event loop. */
  @Override
  public void close() {
    if (listener != null) {
      listener.close().awaitUninterruptibly(PATIENCE_MILLIS);
    }
    connections.close().awaitUninterruptibly(PATIENCE_MILLIS);
    loops
        .shutdownGracefully(0, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(2 * PATIENCE_MILLIS);
    api.close();
  }
}
