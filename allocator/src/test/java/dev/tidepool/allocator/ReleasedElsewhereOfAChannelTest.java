package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LoopbackServer.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The resumption of paused reads when any thread releases memory, with no tick or reset. */
class ReleasedElsewhereOfAChannelTest extends BudgetedChannels {
  private static final int SOFT = 32 * 1024;
  private static final int MEGABYTE = 1 << 20;
  private static final int GLOBAL = 128 * 1024;
  private static final int BLOCK = 4 * 1024;

  private final ScheduledExecutorService worker = Executors.newScheduledThreadPool(2);

  /** Not the common pool, whose few threads would wait for its own queued tasks. */
  private final ExecutorService clients = Executors.newCachedThreadPool();

  @AfterEach
  void endWorker() throws Exception {
    clients.shutdown();
    worker.shutdown();
    assertThat(worker.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  static Stream<Arguments> transportsAndIntervals() {
    return Stream.of(Transport.values())
        .flatMap(
            transport ->
                Stream.of(Duration.ZERO, Duration.ofSeconds(30))
                    .map(interval -> Arguments.of(transport, interval)));
  }

  private static ArenaByteBufAllocator.Builder soft(Duration trimInterval) {
    return ArenaByteBufAllocator.builder().softBudget(SOFT).trimInterval(trimInterval);
  }

  private void sendAMegabyte(Connection connection, AtomicInteger handled) {
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(
            () -> {
              try {
                connection.send(new byte[MEGABYTE]);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            clients);
    TestThreads.await("a megabyte", () -> handled.get() == MEGABYTE);
    sent.join();
    assertThat(thrown).isEmpty();
    assertThat(connection.arena().metric().pauses()).isPositive();
  }

  private static void handle(ByteBuf message, AtomicInteger handled) {
    int bytes = message.readableBytes();
    message.release();
    handled.getAndAdd(bytes);
  }

  @ParameterizedTest
  @MethodSource("transportsAndIntervals")
  void aPausedConnectionResumesWhenAWorkerReleasesItsBuffers(
      Transport transport, Duration trimInterval) throws Exception {
    AtomicInteger handled = new AtomicInteger();
    Connection connection =
        connect(
            transport,
            soft(trimInterval),
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext ctx, Object message) {
                worker.schedule(() -> handle((ByteBuf) message, handled), 5, TimeUnit.MILLISECONDS);
              }
            });
    sendAMegabyte(connection, handled);
  }

  @ParameterizedTest
  @MethodSource("transportsAndIntervals")
  void aPausedConnectionResumesWhenItsLoopReleasesItsBuffersLater(
      Transport transport, Duration trimInterval) throws Exception {
    AtomicInteger handled = new AtomicInteger();
    Connection connection =
        connect(
            transport,
            soft(trimInterval),
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext ctx, Object message) {
                ctx.executor()
                    .schedule(() -> handle((ByteBuf) message, handled), 5, TimeUnit.MILLISECONDS);
              }
            });
    sendAMegabyte(connection, handled);
  }

  /** Copies each message on a worker, in a lane, and releases the copies later on another. */
  @ParameterizedTest
  @MethodSource("transportsAndIntervals")
  void aPausedConnectionResumesWhenWorkersReleaseTheirOwnBuffers(
      Transport transport, Duration trimInterval) throws Exception {
    AtomicInteger handled = new AtomicInteger();
    Connection connection =
        connect(
            transport,
            soft(trimInterval),
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext ctx, Object message) {
                worker.execute(() -> copy(ctx, (ByteBuf) message));
              }

              private void copy(ChannelHandlerContext ctx, ByteBuf message) {
                ByteBuf copy = ctx.alloc().directBuffer(16 * 1024, MEGABYTE).writeBytes(message);
                message.release();
                worker.schedule(() -> handle(copy, handled), 5, TimeUnit.MILLISECONDS);
              }
            });
    sendAMegabyte(connection, handled);
  }

  /** Keeps what it reads. */
  @ChannelHandler.Sharable
  private static final class Keeps extends Echo {
    private final Queue<ByteBuf> messages = new ConcurrentLinkedQueue<>();
    private final AtomicInteger bytes = new AtomicInteger();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      if (bytes.getByte(bytes.readerIndex()) == 0) {
        messages.add(bytes);
        this.bytes.getAndAdd(bytes.readableBytes());
      } else {
        super.channelRead(ctx, message);
      }
    }

    void releaseAll() {
      for (ByteBuf first = messages.poll(); first != null; first = messages.poll()) {
        first.release();
      }
    }
  }

  private static ArenaByteBufAllocator.Builder global(BudgetPolicy policy) {
    return ArenaByteBufAllocator.builder()
        .globalBudget(GLOBAL)
        .budgetPolicy(policy)
        .trimInterval(Duration.ZERO);
  }

  private static List<ByteBuf> takeAllOf(Connection connection) {
    List<ByteBuf> all = new ArrayList<>();
    connection.onLoop(
        () -> {
          connection.arena().reset();
          all.add(connection.channel().alloc().directBuffer(GLOBAL / 2));
          all.add(connection.channel().alloc().directBuffer(GLOBAL / 4));
          all.add(connection.channel().alloc().directBuffer(GLOBAL / 8));
        });
    return all;
  }

  @ParameterizedTest
  @EnumSource(names = {"NIO", "EPOLL"}) // io_uring has leased memory for its next reads
  void memoryThatAWorkerReleasedIsNotRefusedToAnotherLoop(Transport transport) throws Exception {
    Connection one = connect(transport, global(BudgetPolicy.FAIL), new Echo());
    Connection other = server.connect();
    assertAlive(one);
    assertAlive(other);
    assertThat(one.channel().eventLoop()).isNotSameAs(other.channel().eventLoop());
    for (int i = 0; i < 20; i++) {
      List<ByteBuf> all = takeAllOf(i % 2 == 0 ? one : other);
      Connection asks = i % 2 == 0 ? other : one;
      all.forEach(ByteBuf::release); // by this thread
      asks.onLoop(() -> asks.channel().alloc().directBuffer(GLOBAL / 2).release());
      asks.onLoop(() -> asks.arena().reset());
    }
    assertThat(allocator.metric().refusals()).isZero();
    assertAlive(one);
    assertAlive(other);
    assertThat(thrown).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"NIO", "EPOLL"})
  void aWaitingReadOnAnotherLoopResumesWhenAWorkerReleases(Transport transport) throws Exception {
    Keeps keeps = new Keeps();
    Connection one = connect(transport, global(BudgetPolicy.PAUSE), keeps);
    Connection other = server.connect();
    assertAlive(one);
    assertAlive(other);
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(
            () -> {
              try {
                one.send(new byte[GLOBAL]);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            clients);
    TestThreads.await("the pause of one", () -> one.arena().isUnderPressure());
    takeTheRest(one);
    CompletableFuture<Void> sentToo = sendPatternMeanwhile(other, 1);
    TestThreads.await("the pause of the other", () -> other.arena().isUnderPressure());
    kept.forEach(ByteBuf::release);
    kept.clear();
    CompletableFuture<Boolean> received =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return other.receive(SENT).length == SENT;
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            clients);
    while (!received.isDone() || !sent.isDone()) {
      keeps.releaseAll();
      Thread.onSpinWait();
    }
    assertThat(received.join()).isTrue();
    sentToo.join();
    sent.join();
    TestThreads.await(
        "all that one sent",
        () -> {
          keeps.releaseAll();
          return keeps.bytes.get() == GLOBAL;
        });
    keeps.releaseAll();
    assertThat(thrown).isEmpty();
  }

  /** Takes the remaining room, which depends on how the last read's bytes arrived. */
  private void takeTheRest(Connection connection) {
    connection.onLoop(
        () -> {
          while (GLOBAL - allocator.metric().chargedMemory() >= BLOCK) {
            kept.add(connection.channel().alloc().directBuffer(BLOCK));
          }
        });
  }

  private CompletableFuture<Void> sendPatternMeanwhile(Connection connection, int first) {
    byte[] pattern = new byte[SENT];
    Arrays.fill(pattern, (byte) first);
    return CompletableFuture.runAsync(
        () -> {
          try {
            connection.send(pattern);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        clients);
  }
}
