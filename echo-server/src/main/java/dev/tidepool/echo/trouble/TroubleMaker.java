package dev.tidepool.echo.trouble;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.echo.figures.Failures;
import dev.tidepool.echo.live.LeakLog;
import dev.tidepool.echo.load.LoadClient;
import dev.tidepool.echo.load.LoadSettings;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.server.EchoServer;
import dev.tidepool.echo.server.ServerMemory;
import dev.tidepool.echo.tls.ClientTls;
import dev.tidepool.echo.transport.Transport;
import io.netty.channel.Channel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts trouble for a server in this process, over loopback, bounded in number and time. Each
 * trouble has a thread while it lasts. Thread-safe.
 */
public final class TroubleMaker implements AutoCloseable {
  /** The most of one kind at once. */
  public static final int LIMIT = 3;

  private static final int SOFT_BUDGET = 1 << 20;
  private static final int HARD_BUDGET = 4 << 20;

  /** A quarter of the soft budget: what is left of a request must be able to fall below half. */
  private static final int LARGEST_BLOCK = SOFT_BUDGET / 4;

  private static final Logger LOG = LoggerFactory.getLogger(TroubleMaker.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration REPORT_PATIENCE = Duration.ofSeconds(20);
  private static final long LEAK_REQUESTS = 8;
  private static final long POLL_MILLIS = 20;
  private static final long SEED = 14;

  private final Target target;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(new DefaultThreadFactory("trouble", true));
  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private final Map<Trouble, Integer> running = new EnumMap<>(Trouble.class); // guarded by itself

  /**
   * The server that gets the trouble.
   *
   * @param address where its clients connect to
   * @param tls theirs; null: none
   * @param leaks what it reports
   */
  public record Target(
      EchoServer server,
      ServerMemory memory,
      LeakLog leaks,
      InetSocketAddress address,
      Protocol protocol,
      Transport transport,
      @Nullable ClientTls tls) {}

  public TroubleMaker(Target target) {
    this.target = target;
  }

  /** Sets budgets of connections, without which trouble would neither be paused nor refused. */
  public static void setBudgets(ArenaByteBufAllocator.Builder options) {
    options.softBudget(SOFT_BUDGET).hardBudget(HARD_BUDGET).maxBlockSize(LARGEST_BLOCK);
  }

  /** Whether there can be such trouble: only arenas find leaks, and have budgets. */
  public boolean isPossible(Trouble trouble) {
    return (trouble != Trouble.LEAK && trouble != Trouble.GREEDY)
        || target.memory().hasConnectionArenas();
  }

  /** How many of that kind there are now. */
  public int running(Trouble trouble) {
    synchronized (running) {
      return running.getOrDefault(trouble, 0);
    }
  }

  /** Starts trouble, unless there is as much of that kind as there may be; then returns false. */
  public boolean start(Trouble trouble) {
    synchronized (running) {
      if (closing.isDone() || running(trouble) >= LIMIT) {
        return false;
      }
      running.merge(trouble, 1, Integer::sum);
    }
    threads.execute(() -> run(trouble));
    return true;
  }

  private void run(Trouble trouble) {
    try (LoadClient client = new LoadClient(settings(trouble), target.transport())) {
      try {
        make(trouble, client);
      } finally {
        end(client);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("trouble '{}' has ended early: {}", trouble.id(), Failures.reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server stops
    } finally {
      synchronized (running) {
        running.merge(trouble, -1, Integer::sum);
      }
    }
  }

  private void make(Trouble trouble, LoadClient client) throws IOException, InterruptedException {
    switch (trouble) {
      case SLOW_READER -> {
        client.connectSlow(trouble.connections());
        await(closing, trouble.time());
      }
      case GREEDY -> {
        client.connectGreedy(trouble.connections());
        hoard(client.addresses());
        await(closing, trouble.time());
      }
      case BURST -> {
        client.connect();
        load(client);
      }
      case LEAK -> leak(client);
    }
  }

  /** A connection whose reading is paused does not notice that its client has gone. */
  private void end(LoadClient client) {
    List<SocketAddress> addresses = client.addresses();
    client.close();
    addresses.forEach(address -> target.server().connection(address).ifPresent(Channel::close));
  }

  private LoadSettings settings(Trouble trouble) {
    boolean leaks = trouble == Trouble.LEAK;
    return LoadSettings.builder(target.address(), target.protocol())
        .connections(trouble.connections())
        .duration(leaks ? null : trouble.time())
        .requests(leaks ? LEAK_REQUESTS : null)
        .sizes(trouble.sizes())
        .pipeline(leaks ? 1 : 16)
        .seed(SEED)
        .threads(1)
        .connectTimeout(PATIENCE)
        .timeout(PATIENCE)
        .tls(target.tls())
        .build();
  }

  private void load(LoadClient client) throws InterruptedException {
    await(CompletableFuture.anyOf(client.run(), closing), PATIENCE.multipliedBy(2));
  }

  /** Waits for {@code event}, at most so long. */
  private static void await(Future<?> event, Duration time) throws InterruptedException {
    try {
      event.get(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.debug("trouble has had its time", e);
    } catch (ExecutionException e) {
      LOG.warn("trouble's load has failed: {}", Failures.reason(e));
    }
  }

  /** Every other one is to be refused, the others to be paused. */
  private void hoard(List<SocketAddress> clients) throws InterruptedException {
    for (int i = 0; i < clients.size(); i++) {
      HoardingHandler handler =
          i % 2 == 0 ? HoardingHandler.above(SOFT_BUDGET) : HoardingHandler.withoutEnd();
      accepted(clients.get(i)).ifPresent(channel -> Planting.plant(channel, handler));
    }
  }

  // The leak

  private void leak(LoadClient client) throws IOException, InterruptedException {
    client.connect();
    Optional<Channel> channel = accepted(client.addresses().get(0));
    if (channel.isEmpty()) {
      throw new IOException("the server has not accepted the connection that is to leak");
    }
    Leak leak = new Leak(channel.get(), target.leaks(), target.memory());
    leak.begin();
    try {
      load(client);
      client.close();
      await(leak::isReported, REPORT_PATIENCE);
    } finally {
      leak.end();
    }
  }

  /** The server accepts a connection some time after its client has opened it. */
  private Optional<Channel> accepted(SocketAddress client) throws InterruptedException {
    await(() -> target.server().connection(client).isPresent(), PATIENCE);
    return target.server().connection(client);
  }

  /** Waits for {@code condition}, at most so long, and no longer than until this is closed. */
  private void await(BooleanSupplier condition, Duration time) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    while (!condition.getAsBoolean() && !closing.isDone() && System.nanoTime() - deadline < 0) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /** Ends all trouble, before the server stops. */
  @Override
  public void close() {
    closing.complete(null);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("trouble has not ended within {} s", 2 * PATIENCE.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
