package dev.tidepool.echo.load;

import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.transport.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Puts a load on an echo server. Its connections stay open until {@link #close()}, so that what the
 * server holds for them can be looked at when the load is over.
 */
public final class LoadClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final LoadSettings settings;
  private final Bootstrap bootstrap;
  private final EventLoopGroup loops;
  private final LoadTally tally = new LoadTally();
  private final List<LoadConnection> connections = new ArrayList<>();
  private final List<Channel> channels = new ArrayList<>();
  private final List<Channel> greedy = new ArrayList<>();

  public LoadClient(LoadSettings settings, Transport transport) {
    this.settings = settings;
    this.loops = transport.newEventLoops("echo-load", settings.eventLoops());
    this.bootstrap =
        new Bootstrap()
            .group(loops)
            .channel(transport.socketChannel())
            .option(ChannelOption.ALLOCATOR, new PooledByteBufAllocator(true))
            .option(ChannelOption.TCP_NODELAY, true)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(settings.connectTimeout().toMillis()))
            .remoteAddress(settings.address());
  }

  /**
   * Opens {@code count} connections more that send and never read; what they do is in no figure.
   */
  public void connectGreedy(int count) throws IOException {
    List<ChannelFuture> attempts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = settings.connections() + i;
      attempts.add(
          bootstrap.clone().handler(new GreedyConnection(settings.plan(number))).connect());
    }
    greedy.addAll(opened(attempts));
  }

  /** Opens all connections, or none and says why. */
  public void connect() throws IOException {
    List<ChannelFuture> attempts = new ArrayList<>();
    for (int number = 0; number < settings.connections(); number++) {
      LoadConnection connection = new LoadConnection(number, settings, tally);
      connections.add(connection);
      attempts.add(bootstrap.clone().handler(connection).connect());
    }
    channels.addAll(opened(attempts));
  }

  private List<Channel> opened(List<ChannelFuture> attempts) throws IOException {
    List<Channel> opened =
        attempts.stream().map(attempt -> attempt.awaitUninterruptibly().channel()).toList();
    for (ChannelFuture attempt : attempts) {
      if (!attempt.isSuccess()) {
        throw new IOException(
            "cannot connect to "
                + Addresses.text(settings.address())
                + ": "
                + attempt.cause().getMessage(),
            attempt.cause());
      }
    }
    return opened;
  }

  /** Runs the load; what it yields is complete when all connections are done. */
  public CompletableFuture<LoadResult> run() {
    long begin = System.nanoTime();
    Future<?> stop = scheduleStop();
    channels.forEach(channel -> channel.pipeline().fireUserEventTriggered(LoadConnection.START));
    return CompletableFuture.allOf(
            connections.stream().map(LoadConnection::finished).toArray(CompletableFuture[]::new))
        .thenApply(
            done -> {
              stop.cancel(false);
              return LoadResult.of(tally, Duration.ofNanos(System.nanoTime() - begin));
            });
  }

  private Future<?> scheduleStop() {
    Duration duration = settings.duration();
    return duration == null
        ? ImmediateEventExecutor.INSTANCE.newSucceededFuture(null)
        : loops.schedule(tally::stop, duration.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The figures so far. */
  public LoadTally tally() {
    return tally;
  }

  @Override
  public void close() {
    List<ChannelFuture> closings =
        Stream.concat(channels.stream(), greedy.stream()).map(Channel::close).toList();
    closings.forEach(closing -> closing.awaitUninterruptibly(PATIENCE.toMillis()));
    loops
        .shutdownGracefully(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(2 * PATIENCE.toMillis());
  }
}
