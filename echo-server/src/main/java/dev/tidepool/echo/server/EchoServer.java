package dev.tidepool.echo.server;

import dev.tidepool.allocator.ArenaLifecycleHandler;
import dev.tidepool.allocator.ConnectionArena;
import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.figures.Failures;
import dev.tidepool.echo.live.LiveSource;
import dev.tidepool.echo.protocol.RequestProgress;
import dev.tidepool.echo.transport.LoopCpu;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server: accepts connections and answers their requests, in one protocol. */
public final class EchoServer {
  private static final Logger LOG = LoggerFactory.getLogger(EchoServer.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ServerConfig config;
  private final ServerMemory memory;
  private final FaultLog faults;
  private final ConnectionProbe probe;
  private final ServerTotals totals = new ServerTotals();
  private final ChannelGroup connections =
      new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
  private final EventLoopGroup loops;
  private @Nullable Channel listener;

  /** A server that is not watched. */
  public EchoServer(ServerConfig config, ServerMemory memory, FaultLog faults) throws IOException {
    this(config, memory, faults, ConnectionProbe.NONE);
  }

  /**
   * @param probe watches each connection
   */
  public EchoServer(
      ServerConfig config, ServerMemory memory, FaultLog faults, ConnectionProbe probe)
      throws IOException {
    this.config = config;
    this.memory = memory;
    this.faults = faults;
    this.probe = probe;
    this.loops = config.transport().newEventLoops("echo-server", config.eventLoops());
  }

  /** Starts listening, on the address that it returns. */
  public InetSocketAddress start() throws IOException {
    ChannelFuture bound = bootstrap().bind(config.address()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      shutLoopsDown();
      throw new IOException(
          "cannot listen on "
              + Addresses.text(config.address())
              + ": "
              + Failures.reason(bound.cause()),
          bound.cause());
    }
    listener = bound.channel();
    listener.pipeline().addLast(new AcceptFaultHandler(faults));
    loops.next().scheduleAtFixedRate(faults::reportLeftOut, 1, 1, TimeUnit.SECONDS);
    return (InetSocketAddress) bound.channel().localAddress();
  }

  private ServerBootstrap bootstrap() {
    return new ServerBootstrap()
        .group(loops)
        .channel(config.transport().serverChannel())
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.ALLOCATOR, memory.allocator())
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ConnectionInitializer(
                config.protocol(), memory, totals, faults, connections, config.tls(), probe));
  }

  /**
   * The figures that a sampler reads.
   *
   * @param isLeaking whether a leak of a channel was reported
   */
  public LiveSource liveSource(Predicate<Object> isLeaking) {
    return new ServerSource(memory, totals, connections, isLeaking);
  }

  /**
   * Makes the figures of this process, for a load that reads them before and after.
   *
   * @param allocator the name by which it was chosen
   */
  public ServerFiguresSource figures(String allocator) {
    return new ServerFiguresSource(allocator, memory, totals, new LoopCpu(loops));
  }

  /** The open connection from {@code remote}, if there is one. */
  public Optional<Channel> connection(SocketAddress remote) {
    for (Channel channel : connections) { // not a stream, as below
      if (remote.equals(channel.remoteAddress())) {
        return Optional.of(channel);
      }
    }
    return Optional.empty();
  }

  /** What has been served so far. */
  public ServerTotals totals() {
    return totals;
  }

  /** The figures of the arenas of the open connections, ordered by remote port. */
  public ArenaSummary arenas() {
    List<Future<ArenaSummary.@Nullable Arena>> readings = new ArrayList<>();
    // Not a stream, which relies on the group's size: connections come and go meanwhile.
    connections.forEach(channel -> readings.add(readArena(channel)));
    return new ArenaSummary(
        readings.stream()
            .map(reading -> reading.awaitUninterruptibly().getNow())
            .filter(Objects::nonNull)
            .sorted(Comparator.comparingInt(arena -> arena.remote().getPort()))
            .toList());
  }

  private static Future<ArenaSummary.@Nullable Arena> readArena(Channel channel) {
    return channel
        .eventLoop()
        .submit(
            () -> {
              ConnectionArena arena = ArenaLifecycleHandler.arena(channel);
              return arena == null
                  ? null
                  : ArenaSummary.Arena.of(
                      (InetSocketAddress) channel.remoteAddress(), arena.metric());
            });
  }

  /**
   * Stops accepting, waits at most {@code drain} for the requests under way to be answered, closes
   * all connections, shuts the event loops down and measures the memory that is left.
   */
  public ServedSummary stop(Duration drain) {
    if (listener != null) {
      listener.close().awaitUninterruptibly();
    }
    drainConnections(drain);
    memory.trim();
    shutLoopsDown();
    faults.end();
    return ServedSummary.of(totals, memory.summary(PATIENCE));
  }

  private void drainConnections(Duration drain) {
    connections.forEach(
        channel -> channel.pipeline().fireUserEventTriggered(RequestProgress.DRAIN));
    if (!connections.newCloseFuture().awaitUninterruptibly(drain.toMillis())) {
      LOG.warn(
          "{} connections were not done after the drain timeout of {} ms; closing them",
          connections.size(),
          drain.toMillis());
    }
    connections.close().awaitUninterruptibly(PATIENCE.toMillis());
  }

  private void shutLoopsDown() {
    loops
        .shutdownGracefully(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(2 * PATIENCE.toMillis());
  }
}
