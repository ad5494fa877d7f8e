package dev.tidepool.allocator.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaBudgetExceededException;
import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.BudgetPolicy;
import dev.tidepool.allocator.Checks;
import dev.tidepool.allocator.TestThreads;
import dev.tidepool.allocator.UpstreamGuard;
import dev.tidepool.allocator.channel.LoopbackServer.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a channel when the hard budget, or the global one, has no room: each policy. */
class BudgetPolicyOfAChannelTest {
  private static final int HARD = 256 * 1024;
  private static final int SENT = 100_000;

  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);
  @RegisterExtension private final LoopbackServer server = new LoopbackServer();

  private final List<ByteBuf> kept = new ArrayList<>();
  private final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
  private ArenaByteBufAllocator allocator;

  @AfterEach
  void release() {
    kept.forEach(ByteBuf::release);
  }

  private static ArenaByteBufAllocator.Builder hard(BudgetPolicy policy) {
    return ArenaByteBufAllocator.builder().minBlockSize(8192).hardBudget(HARD).budgetPolicy(policy);
  }

  private Connection connect(
      Transport transport, ArenaByteBufAllocator.Builder options, ChannelHandler handler)
      throws Exception {
    allocator = guard.another(options);
    server.start(
        transport,
        channel ->
            channel.pipeline().addLast(new ArenaLifecycleHandler(allocator), handler, new Hears()));
    return server.connect();
  }

  @ChannelHandler.Sharable
  private final class Hears extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      thrown.add(cause);
    }
  }

  @ChannelHandler.Sharable
  private static class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      var unused = ctx.writeAndFlush(message);
    }
  }

  /** Takes what there is, to the last block. */
  private void exhaust(Connection connection) {
    connection.onLoop(
        () -> {
          while (connection.arena().metric().chargedBytes() < HARD) {
            kept.add(connection.channel().alloc().directBuffer(8192));
          }
        });
  }

  private void giveBack(Connection connection) {
    connection.onLoop(
        () -> {
          kept.forEach(ByteBuf::release);
          kept.clear();
        });
  }

  private static byte[] pattern() {
    byte[] bytes = new byte[SENT];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 8));
    }
    return bytes;
  }

  private static void assertAlive(Connection connection) throws Exception {
    connection.send((byte) 7);
    assertThat(connection.receive(1)).containsExactly(7);
  }

  private static void awaitEnd(Connection connection) {
    TestThreads.await("the connection's end", () -> !connection.channel().isActive());
    connection.onLoop(() -> {});
  }

  // FAIL

  @ChannelHandler.Sharable
  private static final class Swallows extends Echo {
    private final AtomicInteger swallowed = new AtomicInteger();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (((ByteBuf) message).getByte(0) == 1) {
        for (int i = 0; i < 10; i++) {
          try {
            ctx.alloc().buffer(2 * HARD).release();
          } catch (ArenaBudgetExceededException e) {
            swallowed.getAndIncrement();
          }
        }
      }
      super.channelRead(ctx, message);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSwallowedFailureClosesTheConnectionAllTheSame(Transport transport) throws Exception {
    Swallows swallows = new Swallows();
    Connection connection = connect(transport, hard(BudgetPolicy.FAIL), swallows);
    Connection other = server.connect();
    assertAlive(connection);
    connection.send((byte) 1);
    awaitEnd(connection);
    assertThat(swallows.swallowed).hasValue(10);
    assertThat(thrown).isEmpty(); // who swallowed it knows of it
    assertThat(connection.arena()).isNull();
    assertAlive(other);
  }

  @ChannelHandler.Sharable
  private static final class Wraps extends Echo {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      try {
        ctx.alloc().buffer(2 * HARD).release();
      } catch (ArenaBudgetExceededException e) {
        throw new IllegalStateException("wrapped", e);
      } finally {
        ((ByteBuf) message).release();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWrappedFailureIsHeardOfOnceAndClosesTheConnection(Transport transport) throws Exception {
    Connection connection = connect(transport, hard(BudgetPolicy.FAIL), new Wraps());
    connection.send((byte) 1);
    awaitEnd(connection);
    assertThat(thrown)
        .singleElement()
        .satisfies(e -> assertThat(e).hasCauseInstanceOf(ArenaBudgetExceededException.class));
  }

  @ParameterizedTest
  @EnumSource
  void aFailureThatOnlyAPromiseKnowsClosesTheConnection(Transport transport) throws Exception {
    Connection connection = connect(transport, hard(BudgetPolicy.FAIL), new Echo());
    exhaust(connection);
    connection.onLoop(
        () -> {
          var unused = connection.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[100]));
        });
    awaitEnd(connection);
  }

  @ParameterizedTest
  @EnumSource
  void aFailureOnAnotherThreadClosesTheConnection(Transport transport) throws Exception {
    Connection connection = connect(transport, hard(BudgetPolicy.FAIL), new Echo());
    var failure =
        CompletableFuture.runAsync(() -> connection.arena().buffer(2 * HARD))
            .handle((done, e) -> e.getCause())
            .join();
    assertThat(failure)
        .isInstanceOfSatisfying(
            ArenaBudgetExceededException.class, e -> assertThat(e.liveBuffers()).isEqualTo(-1));
    awaitEnd(connection);
  }

  @ParameterizedTest
  @EnumSource
  void aRefusedReadIsHeardOfOnceAndClosesTheConnection(Transport transport) throws Exception {
    Connection connection = connect(transport, hard(BudgetPolicy.FAIL), new Echo());
    exhaust(connection);
    connection.send(pattern());
    awaitEnd(connection);
    assertThat(thrown).singleElement().isInstanceOf(ArenaBudgetExceededException.class);
    assertThat(allocator.metric().overflowMemory()).isZero();
  }

  // PAUSE

  @ParameterizedTest
  @EnumSource
  void aReadThatThereIsNoMemoryForWaitsAndLosesNothing(Transport transport) throws Exception {
    Connection connection = connect(transport, hard(BudgetPolicy.PAUSE), new Echo());
    assertAlive(connection);
    exhaust(connection);
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(
            () -> {
              try {
                connection.send(pattern());
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    TestThreads.await("the pause", () -> connection.arena().isUnderPressure());
    connection.onLoop(() -> {});
    long refusals = connection.arena().metric().refusals();
    for (int i = 0; i < 100; i++) { // it would try again and again
      connection.onLoop(() -> {});
    }
    assertThat(connection.arena().metric().refusals()).isEqualTo(refusals).isLessThanOrEqualTo(2);
    assertThat(connection.channel().config().isAutoRead()).isFalse();
    assertThat(connection.channel().isActive()).isTrue();

    giveBack(connection);
    assertThat(connection.receive(SENT)).isEqualTo(pattern());
    sent.join();
    assertThat(thrown).isEmpty();
    assertAlive(connection);
    assertThat(connection.arena().metric().overflowBytes()).isZero();
    assertThat(connection.arena().metric().pauses()).isPositive();
  }

  /** Answers with memory of its own, and notes what it saw. */
  @ChannelHandler.Sharable
  private static final class Copies extends Echo {
    private final AtomicInteger seen = new AtomicInteger();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      seen.getAndIncrement();
      ByteBuf request = (ByteBuf) message;
      try {
        super.channelRead(ctx, ctx.alloc().buffer(request.readableBytes()).writeBytes(request));
      } finally {
        request.release();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NIO", "EPOLL"}) // io_uring has memory for its next read already
  void whatWasReadWithoutMemoryWaitsUntilThereIsSomeForTheAnswer(Transport transport)
      throws Exception {
    Copies copies = new Copies();
    Connection connection = connect(transport, hard(BudgetPolicy.PAUSE), copies);
    exhaust(connection);
    connection.send((byte) 1);
    TestThreads.await("the pause", () -> connection.arena().isUnderPressure());
    connection.onLoop(() -> {});
    assertThat(copies.seen).hasValue(0);
    giveBack(connection);
    assertThat(connection.receive(1)).containsExactly(1);
    assertThat(thrown).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void itWaitsForSomebodyWhoReadsByHandToo(Transport transport) throws Exception {
    Connection connection = connect(transport, hard(BudgetPolicy.PAUSE), new Echo());
    assertAlive(connection);
    connection.onLoop(() -> connection.channel().config().setAutoRead(false));
    exhaust(connection);
    connection.onLoop(() -> connection.channel().read());
    connection.send((byte) 1);
    TestThreads.await("the pause", () -> connection.arena().isUnderPressure());
    connection.onLoop(() -> connection.channel().read());
    long refusals = connection.arena().metric().refusals();
    connection.onLoop(() -> {});
    assertThat(connection.arena().metric().refusals()).isEqualTo(refusals);

    giveBack(connection);
    assertThat(connection.receive(1)).containsExactly(1);
    assertThat(connection.channel().config().isAutoRead()).isFalse();
    assertAlive(connection); // the read that waited
  }

  @ParameterizedTest
  @EnumSource
  void whatWasReadBeforeTheConnectionClosedIsNotLost(Transport transport) throws Exception {
    Copies copies = new Copies();
    Connection connection = connect(transport, hard(BudgetPolicy.PAUSE), copies);
    exhaust(connection);
    connection.send(pattern());
    TestThreads.await("the pause", () -> connection.arena().isUnderPressure());
    connection.channel().close().syncUninterruptibly();
    TestThreads.await("what was read", () -> copies.seen.get() > 0);
    TestThreads.await("no overflow", () -> allocator.metric().overflowMemory() == 0);
  }

  @ParameterizedTest
  @EnumSource
  void aHandlerThatIsRemovedMeanwhilePassesOnWhatItHolds(Transport transport) throws Exception {
    Connection connection = connect(transport, hard(BudgetPolicy.PAUSE), new Echo());
    assertAlive(connection);
    exhaust(connection);
    connection.send((byte) 1);
    connection.send((byte) 2);
    if (transport != Transport.IO_URING) { // which has read the first already
      TestThreads.await("the pause", () -> connection.arena().isUnderPressure());
    }
    connection.onLoop(() -> connection.channel().pipeline().remove(ArenaLifecycleHandler.class));
    assertThat(connection.receive(2)).containsExactly(1, 2);
    assertAlive(connection);
  }

  @ParameterizedTest
  @EnumSource
  void otherAllocationsStillFailAndCloseTheConnection(Transport transport) throws Exception {
    Connection connection = connect(transport, hard(BudgetPolicy.PAUSE), new Swallows());
    connection.send((byte) 1);
    awaitEnd(connection);
  }

  // OVERFLOW

  @ParameterizedTest
  @EnumSource
  void overflowNeverTakesAConnectionDown(Transport transport) throws Exception {
    Connection connection = connect(transport, hard(BudgetPolicy.OVERFLOW), new Swallows());
    exhaust(connection);
    assertAlive(connection);
    connection.send((byte) 1);
    assertThat(connection.receive(1)).containsExactly(1);
    byte[] much = pattern();
    much[0] = 0;
    CompletableFuture<byte[]> received =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return connection.receive(SENT);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    connection.send(much);
    assertThat(received.join()).isEqualTo(much);
    assertThat(thrown).isEmpty();
    assertThat(connection.arena().metric().refusals()).isZero();
    giveBack(connection);
    TestThreads.await(
        "no overflow", // io_uring's pending read has one
        () -> {
          try {
            assertAlive(connection);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          return connection.arena().metric().overflowBytes() == 0;
        });
  }

  // The global budget

  @ParameterizedTest
  @EnumSource
  void theHeaviestConnectionIsClosedForTheOthers(Transport transport) throws Exception {
    Connection light =
        connect(
            transport,
            ArenaByteBufAllocator.builder().globalBudget(16 * HARD).closeHeaviest(true),
            new Echo());
    Connection heavy = server.connect();
    assertAlive(light);
    List<ByteBuf> held = new ArrayList<>();
    heavy.onLoop(() -> held.add(heavy.channel().alloc().buffer(8 * HARD)));
    light.onLoop(() -> kept.add(light.channel().alloc().buffer(4 * HARD)));
    assertThat(heavy.channel().isActive()).isTrue();
    light.onLoop(
        () -> {
          kept.add(light.channel().alloc().buffer(2 * HARD));
          kept.add(light.channel().alloc().buffer(HARD));
        });
    awaitEnd(heavy);
    assertThat(thrown)
        .singleElement()
        .isInstanceOfSatisfying(
            ArenaBudgetExceededException.class,
            e -> {
              assertThat(e.isHeaviest()).isTrue();
              assertThat(e.connection()).isSameAs(heavy.channel());
            });
    heavy.onLoop(() -> held.forEach(ByteBuf::release));
    assertAlive(light);
  }

  @ParameterizedTest
  @EnumSource
  void aReadWaitsForRoomInTheGlobalBudgetToo(Transport transport) throws Exception {
    Connection connection =
        connect(
            transport,
            ArenaByteBufAllocator.builder().globalBudget(4 * HARD).budgetPolicy(BudgetPolicy.PAUSE),
            new Echo());
    assertAlive(connection);
    connection.awaitRequests(1); // what it holds now it holds on to
    ByteBuf most = allocator.buffer(2 * HARD);
    List<ByteBuf> rest = new ArrayList<>();
    try {
      while (true) {
        rest.add(allocator.buffer(8192));
      }
    } catch (ArenaBudgetExceededException e) {
      assertThat(allocator.metric().chargedMemory()).isEqualTo(4 * HARD);
    }
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(
            () -> {
              try {
                connection.send(pattern());
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    TestThreads.await("the pause", () -> connection.arena().isUnderPressure());
    rest.forEach(ByteBuf::release);
    most.release();
    allocator.trim();
    assertThat(connection.receive(SENT)).isEqualTo(pattern());
    sent.join();
    assertThat(thrown).isEmpty();
  }
}
