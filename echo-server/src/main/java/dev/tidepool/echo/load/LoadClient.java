package dev.tidepool.echo.load;

import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.figures.Failures;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.tls.ClientTls;
import dev.tidepool.echo.transport.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * The load client. Its connections stay open until {@link #close()}, so that the memory which the
 * server holds for them can be measured when the load is over.
 */
public final class LoadClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final LoadSettings settings;
  private final Duration pause;
  private final Bootstrap bootstrap;
  private final EventLoopGroup loops;
  private final LoadTally tally = new LoadTally();
  private final LoopTally loopTally = tally.newLoop();
  private final List<LoadConnection> connections = new ArrayList<>();
  private final List<Channel> channels = new ArrayList<>();
  private final List<Channel> apart = new ArrayList<>();
  private final CompletableFuture<Void> interrupted = new CompletableFuture<>();

  public LoadClient(LoadSettings settings, Transport transport) throws IOException {
    this(settings, transport, Duration.ZERO);
  }

  /**
   * @param pause from the sending of a request to that of the next on the same connection
   */
  public LoadClient(LoadSettings settings, Transport transport, Duration pause) throws IOException {
    this.settings = settings;
    this.pause = pause;
    this.loops = transport.newEventLoops("echo-load", settings.threads());
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
   * Opens {@code count} more connections, which send and never read. They are left out of all
   * figures.
   */
  public void connectGreedy(int count) throws IOException {
    connectApart(count, GreedyConnection::new);
  }

  /** Opens {@code count} more connections, which send and read slowly. They are in no figure. */
  public void connectSlow(int count) throws IOException {
    connectApart(count, SlowConnection::new);
  }

  private void connectApart(
      int count, BiFunction<RequestPlan, ProtocolClient, ChannelHandler> newHandler)
      throws IOException {
    Openings openings = new Openings(count);
    for (int i = 0; i < count && !isOver(openings); i++) {
      int number = settings.connections() + i;
      RequestPlan plan = settings.plan(number, 0);
      ProtocolClient client = settings.protocol().newClient(plan::request);
      apart.add(open(client, newHandler.apply(plan, client), openings));
    }
    await(openings);
  }

  /**
   * Opens all connections and waits for them, unless it is interrupted.
   *
   * @throws IOException if one cannot be opened
   */
  public void connect() throws IOException {
    Openings openings = new Openings(settings.connections());
    for (int number = 0; number < settings.connections() && !isOver(openings); number++) {
      ProtocolClient client = settings.protocol().newClient(settings.plan(number, 0)::request);
      LoadConnection connection =
          new LoadConnection(number, settings, client, loopTally, tally.measurement(), pause);
      connections.add(connection);
      channels.add(open(client, connection, openings));
    }
    await(openings);
  }

  private boolean isOver(Openings openings) {
    return openings.isFailed() || interrupted.isDone();
  }

  private Channel open(ProtocolClient client, ChannelHandler handler, Openings openings) {
    ChannelInitializer<Channel> pipeline =
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel channel) {
            addTls(channel.pipeline(), client);
            client.addCodec(channel.pipeline());
            channel.pipeline().addLast(newOpening(client, openings), handler);
          }
        };
    ChannelFuture connecting = bootstrap.clone().handler(pipeline).connect();
    connecting.addListener(
        attempt -> {
          if (!attempt.isSuccess()) {
            openings.failed(attempt.cause());
          }
        });
    return connecting.channel();
  }

  private void addTls(ChannelPipeline pipeline, ProtocolClient client) {
    ClientTls tls = settings.tls();
    if (tls != null) {
      tls.addHandlers(
          pipeline, settings.address(), settings.connectTimeout(), !client.hasHandshake());
    }
  }

  private OpeningHandler newOpening(ProtocolClient client, Openings openings) {
    boolean awaitsHandshake = settings.tls() != null || client.hasHandshake();
    return new OpeningHandler(openings, awaitsHandshake, settings.connectTimeout());
  }

  private void await(Openings openings) throws IOException {
    CompletableFuture.anyOf(openings.done(), interrupted).join();
    Throwable cause = openings.failure();
    if (cause != null && !interrupted.isDone()) {
      throw new IOException(
          "cannot connect to " + Addresses.text(settings.address()) + ": " + Failures.reason(cause),
          cause);
    }
  }

  /**
   * Ends the load early: the future that {@link #run} returns completes at once, with the figures
   * so far. May be called by any thread at any time.
   */
  public void interrupt() {
    tally.measurement().stop();
    interrupted.complete(null);
  }

  /** Starts the load; the future completes when all connections are done. */
  public CompletableFuture<LoadResult> run() {
    Instant started = Instant.now();
    long begin = System.nanoTime();
    ClientCpu cpu = new ClientCpu(loops);
    cpu.begin();
    tally.measurement().begin(begin);
    Future<?> stop = scheduleStop();
    channels.forEach(channel -> channel.pipeline().fireUserEventTriggered(LoadConnection.START));
    return CompletableFuture.anyOf(finished(), interrupted)
        .thenApply(
            done -> {
              stop.cancel(false);
              return result(started, Duration.ofNanos(System.nanoTime() - begin), cpu);
            });
  }

  private LoadResult result(Instant started, Duration elapsed, ClientCpu cpu) {
    return new LoadResult(
        started,
        elapsed,
        tally.measuredSent(),
        tally.measuredAnswered(),
        tally.measuredBytes(),
        tally.measuredUnverifiedBytes(),
        tally.bytesMismatched(),
        tally.measuredLatencies(),
        settings.ratePerSecond() == null ? null : tally.measuredIntendedLatencies(),
        tally.errorsByCause(),
        cpu.end(tally.latestSendNanos()),
        interrupted.isDone(),
        tally.failure());
  }

  private CompletableFuture<Void> finished() {
    return CompletableFuture.allOf(
        connections.stream().map(LoadConnection::finished).toArray(CompletableFuture[]::new));
  }

  private Future<?> scheduleStop() {
    Duration duration = settings.duration();
    return duration == null
        ? ImmediateEventExecutor.INSTANCE.newSucceededFuture(null)
        : loops.schedule(tally.measurement()::stop, duration.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The addresses of the open connections, by which the server knows them. */
  public List<SocketAddress> addresses() {
    return Stream.concat(channels.stream(), apart.stream())
        .map(Channel::localAddress)
        .filter(Objects::nonNull)
        .toList();
  }

  /** The figures so far. */
  public LoadTally tally() {
    return tally;
  }

  @Override
  public void close() {
    if (interrupted.isDone()) {
      awaitAnswers();
    }
    List<ChannelFuture> closings =
        Stream.concat(channels.stream(), apart.stream()).map(Channel::close).toList();
    closings.forEach(closing -> closing.awaitUninterruptibly(PATIENCE.toMillis()));
    loops
        .shutdownGracefully(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(2 * PATIENCE.toMillis());
  }

  /** A connection that is closed before it has read its answers is reset: a fault to the server. */
  private void awaitAnswers() {
    finished().completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
  }
}
