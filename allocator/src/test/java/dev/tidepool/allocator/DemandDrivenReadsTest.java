package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LoopbackServer.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Reactive back-pressure: a channel reads only on a subscriber's demand, and the budget bounds what
 * a subscriber that asks for much and works slowly, on its own thread, can make a connection hold.
 */
class DemandDrivenReadsTest {
  private static final int BYTES = 2 << 20;
  private static final int SOFT = 64 * 1024;
  private static final int READ = 64 * 1024;
  private static final int HARD = 1 << 20;
  private static final long SEED = 20_261_126;

  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder()
              .trimInterval(Duration.ofMillis(50))
              .softBudget(SOFT)
              .hardBudget(HARD)
              .budgetPolicy(BudgetPolicy.FAIL)
              .checks(Checks.LIGHT));

  @RegisterExtension private final LoopbackServer server = new LoopbackServer();

  private final ExecutorService worker = Executors.newSingleThreadExecutor();
  private final ExecutorService client = Executors.newSingleThreadExecutor();

  /** Whether the worker begins only when the budget has paused the channel. */
  private volatile boolean waitsForAPause;

  @AfterEach
  void end() throws InterruptedException {
    worker.shutdown();
    client.shutdown();
    assertThat(worker.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(client.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void oneAtATime(Transport transport) throws Exception {
    Subscriber subscriber = exchange(transport, 1);
    assertThat(subscriber.mostCharged.get()).isLessThanOrEqualTo(HARD);
  }

  @ParameterizedTest
  @EnumSource
  void moreThanTheBudgetAtATime(Transport transport) throws Exception {
    waitsForAPause = true;
    Subscriber subscriber = exchange(transport, 10_000);
    assertThat(subscriber.mostCharged.get()).isLessThanOrEqualTo(SOFT + 2 * READ);
    assertThat(subscriber.arena.metric().pauses()).isPositive();
  }

  private Subscriber exchange(Transport transport, int demand) throws Exception {
    CompletableFuture<Subscriber> started = new CompletableFuture<>();
    server.start(
        transport,
        bootstrap -> bootstrap.childOption(ChannelOption.AUTO_READ, false),
        channel -> subscribe(channel, demand, started));
    Connection connection = server.connect();
    client.execute(() -> send(connection));
    Subscriber subscriber = started.get(10, TimeUnit.SECONDS);
    subscriber.all.get(30, TimeUnit.SECONDS);
    ConnectionArenaMetric metric = connection.arena().metric();
    TestThreads.await("every release", () -> metric.leasedBlocks() == 0);
    assertThat(metric.refusals()).isZero();
    return subscriber;
  }

  private void subscribe(Channel channel, int demand, CompletableFuture<Subscriber> started) {
    Reads reads = new Reads();
    channel.pipeline().addLast(new ArenaLifecycleHandler(guard.allocator()), reads);
    Subscriber subscriber = new Subscriber(ArenaLifecycleHandler.arena(channel), demand);
    reads.subscribe(subscriber);
    started.complete(subscriber);
  }

  private static void send(Connection connection) {
    byte[] bytes = new byte[BYTES];
    new Random(SEED).nextBytes(bytes);
    try {
      connection.send(bytes);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Publishes what the channel reads, and has it read only when there is demand. */
  private static final class Reads extends ChannelInboundHandlerAdapter
      implements Flow.Publisher<ByteBuf>, Flow.Subscription {
    private final Queue<ByteBuf> unasked = new ArrayDeque<>();
    private ChannelHandlerContext ctx;
    private Flow.Subscriber<? super ByteBuf> subscriber;
    private long demand;

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuf> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      this.ctx = ctx;
      subscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
      ctx.executor()
          .execute(
              () -> {
                demand += n;
                emit();
              });
    }

    @Override
    public void cancel() {
      ctx.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      unasked.add((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      emit();
    }

    private void emit() {
      while (demand > 0 && !unasked.isEmpty()) {
        demand--;
        subscriber.onNext(unasked.remove());
      }
      if (demand > 0) {
        ctx.read();
      }
    }
  }

  /** Checks the bytes on the worker's thread, and asks for more when it has. */
  private final class Subscriber implements Flow.Subscriber<ByteBuf> {
    final ConnectionArena arena;
    final CompletableFuture<Void> all = new CompletableFuture<>();
    final AtomicLong mostCharged = new AtomicLong();
    private final int demand;
    private final byte[] sent = new byte[BYTES];
    private Flow.Subscription reads;
    private int received;

    Subscriber(ConnectionArena arena, int demand) {
      this.arena = arena;
      this.demand = demand;
      new Random(SEED).nextBytes(sent);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      reads = subscription;
      reads.request(demand);
    }

    @Override
    public void onNext(ByteBuf bytes) {
      mostCharged.accumulateAndGet(arena.metric().chargedBytes(), Math::max);
      worker.execute(() -> check(bytes));
    }

    private void check(ByteBuf bytes) {
      if (waitsForAPause) {
        TestThreads.await("a pause", () -> arena.metric().pauses() > 0);
      }
      while (bytes.isReadable()) {
        if (bytes.readByte() != sent[received++]) {
          all.completeExceptionally(new AssertionError("byte " + (received - 1) + " is wrong"));
        }
      }
      bytes.release();
      reads.request(1);
      if (received == BYTES) {
        all.complete(null);
      }
    }

    @Override
    public void onError(Throwable error) {
      all.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
      all.completeExceptionally(new AssertionError("ended after " + received + " bytes"));
    }
  }
}
