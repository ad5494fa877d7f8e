package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LoopbackServer.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A channel's budgets: over the soft one it stops reading, over the hard one it closes. */
class BudgetOfAChannelTest {
  private static final int SOFT = 256 * 1024;
  private static final int HARD = 1024 * 1024;
  private static final int MUCH = 400 * 1024;

  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(ArenaByteBufAllocator.builder().softBudget(SOFT).hardBudget(HARD));

  @RegisterExtension private final LoopbackServer server = new LoopbackServer();

  private final ArenaByteBufAllocator allocator = guard.allocator();
  private final Queue<Object> thrown = new ConcurrentLinkedQueue<>();

  /** Echoes a message; for one that begins with a 1 allocates so many KiB and keeps them. */
  @ChannelHandler.Sharable
  private final class Greedy extends ChannelInboundHandlerAdapter {
    private final List<ByteBuf> kept = new ArrayList<>();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf request = (ByteBuf) message;
      if (request.getByte(0) == 1) {
        try {
          kept.add(ctx.alloc().buffer(request.getUnsignedByte(1) * 10_240));
        } finally {
          request.release();
        }
        request = ctx.alloc().buffer(1).writeByte(1);
      }
      ctx.writeAndFlush(request);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      thrown.add(cause);
      ctx.fireExceptionCaught(cause);
    }

    void release() {
      kept.forEach(ReferenceCountUtil::release);
      kept.clear();
    }
  }

  private final Greedy greedy = new Greedy();

  private Connection connect(Transport transport) throws Exception {
    server.start(
        transport,
        channel ->
            channel.pipeline().addLast(new ArenaLifecycleHandler(allocator)).addLast(greedy));
    return server.connect();
  }

  private static void takeMuch(Connection connection) throws Exception {
    connection.send((byte) 1, (byte) (MUCH / 10_240));
    connection.receive(1);
    TestThreads.await("the pause", () -> !connection.channel().config().isAutoRead());
  }

  private static void echo(Connection connection) throws Exception {
    connection.send((byte) 7);
    assertThat(connection.receive(1)).containsExactly(7);
  }

  @ParameterizedTest
  @EnumSource
  void readingPausesAboveTheSoftBudgetUntilHalfOfItIsFree(Transport transport) throws Exception {
    Connection connection = connect(transport);
    echo(connection);
    assertThat(connection.channel().config().isAutoRead()).isTrue();
    takeMuch(connection);
    assertThat(connection.arena().isUnderPressure()).isTrue();

    connection.onLoop(
        () -> {
          greedy.release();
          connection.arena().reset();
        });

    TestThreads.await("the end of the pause", () -> connection.channel().config().isAutoRead());
    assertThat(connection.arena().isUnderPressure()).isFalse();
    echo(connection);
  }

  @ParameterizedTest
  @EnumSource
  void onePausedConnectionDoesNotPauseOthers(Transport transport) throws Exception {
    Connection paused = connect(transport);
    takeMuch(paused);
    Connection other = server.connect();
    echo(other);
    assertThat(other.channel().config().isAutoRead()).isTrue();
    paused.onLoop(greedy::release);
  }

  @ParameterizedTest
  @EnumSource
  void autoReadThatTheApplicationTurnedOffStaysOff(Transport transport) throws Exception {
    Connection connection = connect(transport);
    takeMuch(connection);
    connection.onLoop(greedy::release);
    TestThreads.await("the end of the pause", () -> connection.channel().config().isAutoRead());
    connection.onLoop(
        () -> {
          connection.channel().config().setAutoRead(false);
          ByteBuf much = connection.channel().alloc().buffer(MUCH);
          assertThat(connection.arena().isUnderPressure()).isTrue();
          much.release();
        });
    connection.onLoop(() -> {});
    assertThat(connection.channel().config().isAutoRead()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void removingTheHandlerResumesPausedReading(Transport transport) throws Exception {
    Connection connection = connect(transport);
    takeMuch(connection);
    connection.onLoop(() -> connection.channel().pipeline().remove(ArenaLifecycleHandler.class));
    TestThreads.await("the end of the pause", () -> connection.channel().config().isAutoRead());
    echo(connection);
    connection.onLoop(greedy::release);
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"NIO", "EPOLL"}) // Netty's io_uring channels read no more after a move
  void aChannelThatMovesWhileReadingIsPausedResumesThereWhenThereIsRoom(Transport transport)
      throws Exception {
    Connection connection = connect(transport);
    takeMuch(connection);
    Channel channel = connection.channel();
    EventLoop before = channel.eventLoop();
    EventLoop other = server.loops().next();
    while (other == before) {
      other = server.loops().next();
    }
    channel.deregister().syncUninterruptibly();
    other.register(channel).syncUninterruptibly();

    TestThreads.run(other, () -> {});
    assertThat(channel.config().isAutoRead()).isFalse();
    assertThat(connection.arena().isUnderPressure()).isTrue();
    TestThreads.run(before, greedy::release);
    TestThreads.await("the end of the pause", () -> channel.config().isAutoRead());
    echo(connection);
  }

  // The hard budget

  private void assertThrown(Connection by) {
    assertThat(thrown)
        .singleElement()
        .isInstanceOfSatisfying(
            ArenaBudgetExceededException.class,
            e ->
                assertThat(e.report())
                    .contains("hardBudget: 1048576 bytes", by.channel().id().asShortText()));
  }

  @ParameterizedTest
  @EnumSource
  void anAllocationOverTheHardBudgetThrowsAndClosesTheConnection(Transport transport)
      throws Exception {
    Connection connection = connect(transport);
    Connection other = server.connect();
    connection.send((byte) 1, (byte) 200);
    TestThreads.await("the connection's end", () -> !connection.channel().isActive());
    assertThrown(connection);
    echo(other);
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionWithoutMemoryToReadIntoCloses(Transport transport) throws Exception {
    ArenaByteBufAllocator withoutSoftBudget =
        guard.another(ArenaByteBufAllocator.builder().hardBudget(HARD));
    server.start(
        transport,
        channel ->
            channel
                .pipeline()
                .addLast(new ArenaLifecycleHandler(withoutSoftBudget))
                .addLast(greedy));
    Connection connection = server.connect();
    Connection other = server.connect();
    List<ByteBuf> all = new ArrayList<>();
    connection.onLoop(
        () -> {
          while (connection.arena().metric().chargedBytes() < HARD) {
            all.add(connection.channel().alloc().directBuffer(8192));
          }
        });

    connection.send(new byte[100_000]); // more than a read that is pending may take
    TestThreads.await("the connection's end", () -> !connection.channel().isActive());

    assertThrown(connection);
    echo(other);
    all.forEach(ByteBuf::release);
    TestThreads.await("its arena's end", () -> withoutSoftBudget.metric().openArenas() == 1);
  }
}
