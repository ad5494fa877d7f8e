package dev.tidepool.echo.load;

import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.figures.Failures;
import dev.tidepool.echo.load.VirtualUser.Role;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.transport.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The load client. Its connections stay open until {@link #close()}, so that the memory which the
 * server holds for them can be measured when the load is over.
 *
 * <p>It ends in order: at the end no request begins any more, the answers that are due are taken,
 * no longer than an answer may take, and then the connections are closed. An error is counted, and
 * its connection opened again; errors do not end a load, unless nothing is answered at all.
 *
 * <p>One thread connects, runs and closes; any thread may interrupt it and read the tally.
 */
public final class LoadClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** What is measured begins a little later than loops hear of it, so that they miss none. */
  private static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final LoadSettings settings;
  private final EventLoopGroup loopGroup;
  private final List<LoadLoop> loops = new ArrayList<>();
  private final Connector connector;
  private final LoadTally tally = new LoadTally();
  private final LoadClock clock;
  private final List<VirtualUser> users = new ArrayList<>();
  private final List<Channel> greedy = new ArrayList<>();
  private final CompletableFuture<Void> interrupted = new CompletableFuture<>();
  private final CompletableFuture<Void> givenUp = new CompletableFuture<>();
  private int numbers;
  private boolean started;

  /**
   * @throws IOException if the event loops cannot be started
   */
  public LoadClient(LoadSettings settings, Transport transport) throws IOException {
    this.settings = settings;
    this.loopGroup = transport.newEventLoops("echo-load", settings.threads());
    this.connector = new Connector(settings, transport);
    for (EventExecutor loop : loopGroup) {
      loops.add(new LoadLoop((EventLoop) loop, tally));
    }
    this.clock = new LoadClock(settings, tally, new ClientCpu(loopGroup));
  }

  // Connecting

  /**
   * Opens all connections and waits for them, unless it is interrupted. Those that cannot be opened
   * are errors, and are tried again.
   *
   * @throws IOException if none can be opened, or if the process may not have as many files open
   */
  public void connect() throws IOException {
    FileLimit.require(settings.allConnections(), "connections");
    loops.forEach(loop -> loop.checkTimeouts(settings.timeout()));
    List<VirtualUser> made = new ArrayList<>();
    made.addAll(newUsers(Role.MEASURED, settings.measuredConnections()));
    made.addAll(newUsers(Role.SLOW_READER, settings.connections() - made.size()));
    if (!settings.rampUp().isZero()) {
      start(System.nanoTime());
    }
    Openings openings = new Openings(made.size());
    long apart = settings.rampUp().toNanos() / made.size();
    for (int i = 0; i < made.size(); i++) {
      made.get(i).open(i * apart, openings.newListener());
    }
    await(openings);
    connectGreedy(settings.unfriendly().greedy());
    openAtOnce(newUsers(Role.IDLE, settings.unfriendly().idle()));
  }

  private List<VirtualUser> newUsers(Role role, int count) {
    List<VirtualUser> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      LoadLoop loop = loops.get(numbers % loops.size());
      made.add(new VirtualUser(numbers++, role, settings, connector, loop, tally.measurement()));
    }
    users.addAll(made);
    return made;
  }

  private void openAtOnce(Collection<VirtualUser> made) throws IOException {
    Openings openings = new Openings(made.size());
    made.forEach(user -> user.open(0, openings.newListener()));
    await(openings);
  }

  /**
   * Opens {@code count} more connections, which send and never read. They are left out of all
   * figures.
   *
   * @throws IOException if none can be opened
   */
  public void connectGreedy(int count) throws IOException {
    Openings openings = new Openings(count);
    for (int i = 0; i < count && !interrupted.isDone(); i++) {
      RequestPlan plan = settings.plan(numbers++, 0);
      ProtocolClient client = settings.protocol().newClient(plan::request);
      EventLoop loop = loops.get(i % loops.size()).eventLoop();
      GreedyConnection handler = new GreedyConnection(plan, client);
      greedy.add(connector.open(loop, client, openings.newListener(), List.of(), handler));
    }
    await(openings);
  }

  /**
   * Opens {@code count} more connections, which begin at once to send and to read slowly. They are
   * in no figure.
   *
   * @throws IOException if none can be opened
   */
  public void connectSlow(int count) throws IOException {
    List<VirtualUser> made = newUsers(Role.SLOW_READER, count);
    openAtOnce(made);
    made.forEach(VirtualUser::startSoon);
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

  // Running

  /** Starts the load; the future completes when all is answered or given up. */
  public CompletableFuture<LoadResult> run() {
    if (settings.warmup().isZero()) {
      beginMeasuring(0);
    } else {
      after(settings.warmup(), this::endWarmup);
    }
    if (!started) {
      start(System.nanoTime());
    }
    new ProgressWatch(tally, settings.timeout(), this::giveUp).start(anyLoop());
    CompletableFuture<Void> over =
        doneBy(Role.MEASURED).thenRun(this::stopAnswered).thenCompose(stopped -> allDone());
    return CompletableFuture.anyOf(over, interrupted, givenUp)
        .thenApply(done -> clock.result(interrupted.isDone()));
  }

  /** What is measured begins now, if it has not begun. Any thread, once the load runs. */
  public void endWarmup() {
    beginMeasuring(AHEAD_NANOS);
  }

  private void beginMeasuring(long aheadNanos) {
    Duration duration = settings.duration();
    if (!clock.begin(aheadNanos, duration)) {
      return;
    }
    loops.forEach(LoadLoop::dropBacklog);
    if (duration != null) {
      after(duration.plusNanos(aheadNanos), this::stop);
    }
  }

  private void after(Duration time, Runnable task) {
    anyLoop().schedule(task, time.toNanos(), TimeUnit.NANOSECONDS);
  }

  private EventLoop anyLoop() {
    return loops.get(0).eventLoop();
  }

  private void start(long nanoTime) {
    started = true;
    Double rate = settings.ratePerSecond();
    for (int number = 0; number < loops.size(); number++) {
      LoadLoop loop = loops.get(number);
      loop.start(
          rate == null ? null : loop.newPacer(number, rate, settings.measuredConnections()),
          nanoTime);
    }
  }

  private CompletableFuture<Void> doneBy(Role role) {
    return CompletableFuture.allOf(
        users.stream()
            .filter(user -> user.role() == role)
            .map(VirtualUser::done)
            .toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Void> allDone() {
    return CompletableFuture.allOf(
        users.stream().map(VirtualUser::done).toArray(CompletableFuture[]::new));
  }

  /** No request begins any more. */
  private void stop() {
    clock.stop();
    loops.forEach(LoadLoop::stop);
  }

  private void stopAnswered() {
    clock.allAnswered();
    stop();
  }

  private void giveUp(LoadException cause) {
    tally.giveUp(cause);
    stop();
    givenUp.complete(null);
  }

  /**
   * Ends the load early: the future that {@link #run} returns completes at once, with the figures
   * so far. May be called by any thread at any time.
   */
  public void interrupt() {
    interrupted.complete(null); // first: the load that is stopped may be over at once
    stop();
  }

  /** The addresses of the open connections, by which the server knows them. */
  public List<SocketAddress> addresses() {
    return channels().map(Channel::localAddress).filter(Objects::nonNull).toList();
  }

  private Stream<Channel> channels() {
    Stream<@Nullable Channel> ofUsers = users.stream().map(VirtualUser::channel);
    return Stream.concat(ofUsers.filter(Objects::nonNull), greedy.stream());
  }

  /** The figures so far. */
  public LoadTally tally() {
    return tally;
  }

  /**
   * Closes all connections, when the answers that are due have come, but for a few seconds. A
   * second call does nothing.
   */
  @Override
  public void close() {
    if (loopGroup.isShuttingDown()) {
      return;
    }
    stop();
    allDone().completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    List<ChannelFuture> closings = channels().map(Channel::close).toList();
    closings.forEach(closing -> closing.awaitUninterruptibly(PATIENCE.toMillis()));
    loopGroup
        .shutdownGracefully(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(2 * PATIENCE.toMillis());
  }
}
