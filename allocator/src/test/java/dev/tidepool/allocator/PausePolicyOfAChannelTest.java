package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LoopbackServer.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.flow.FlowControlHandler;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The policy {@code PAUSE} on a channel whose hard budget has no room. */
class PausePolicyOfAChannelTest extends BudgetedChannels {
  @ParameterizedTest
  @EnumSource
  void aReadWithoutMemoryWaitsAndLosesNothing(Transport transport) throws Exception {
    Connection connection = connect(transport, hard(BudgetPolicy.PAUSE), new Echo());
    assertAlive(connection);
    exhaust(connection);
    CompletableFuture<Void> sent = sendPatternMeanwhile(connection);
    TestThreads.await("the pause", () -> connection.arena().isUnderPressure());
    connection.onLoop(() -> {});
    long refusals = connection.arena().metric().refusals();
    for (int i = 0; i < 100; i++) { // a failing read would be retried
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

  /** Answers with memory of its own, and records the messages. */
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
  void aHeldReadWaitsUntilThereIsMemoryForItsAnswer(Transport transport) throws Exception {
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
  void aReadCalledByTheApplicationWaitsToo(Transport transport) throws Exception {
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
  void dataReadBeforeTheConnectionClosedIsNotLost(Transport transport) throws Exception {
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
  void aHandlerRemovedDuringAPausePassesItsHeldMessagesOn(Transport transport) throws Exception {
    Connection connection = connect(transport, hard(BudgetPolicy.PAUSE), new Echo());
    assertAlive(connection);
    exhaust(connection);
    connection.send((byte) 1);
    connection.send((byte) 2);
    if (transport != Transport.IO_URING) { // io_uring has read the first message already
      TestThreads.await("the pause", () -> connection.arena().isUnderPressure());
    }
    connection.onLoop(() -> connection.channel().pipeline().remove(ArenaLifecycleHandler.class));
    assertThat(connection.receive(2)).containsExactly(1, 2);
    assertAlive(connection);
  }

  @ParameterizedTest
  @EnumSource
  void otherAllocationsFailAndCloseTheConnection(Transport transport) throws Exception {
    Connection connection = connect(transport, hard(BudgetPolicy.PAUSE), new Swallows());
    connection.send((byte) 1);
    awaitEnd(connection);
  }

  // Handlers that rely on a message before its read-complete

  /** Requests one message after the other, as users of FlowControlHandler do. */
  private static final class OneByOne extends ChannelInboundHandlerAdapter {
    private final Queue<String> events = new ConcurrentLinkedQueue<>();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      events.add("message of " + ((ByteBuf) message).readableBytes());
      ((ByteBuf) message).release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      events.add("complete");
      ctx.fireChannelReadComplete();
    }
  }

  private EmbeddedChannel paused(ArenaByteBufAllocator pausing, ChannelHandler... handlers) {
    EmbeddedChannel channel = new EmbeddedChannel(new ArenaLifecycleHandler(pausing));
    channel.pipeline().addLast(handlers);
    channel.runPendingTasks();
    return channel;
  }

  /** Reads one byte as a transport does. */
  private static void transportReads(EmbeddedChannel channel) {
    var handle = channel.config().<RecvByteBufAllocator>getRecvByteBufAllocator().newHandle();
    handle.reset(channel.config());
    ByteBuf buffer = handle.allocate(channel.alloc()).writeByte(1);
    handle.lastBytesRead(1);
    channel.pipeline().fireChannelRead(buffer);
    handle.readComplete();
    channel.pipeline().fireChannelReadComplete();
    channel.runPendingTasks();
  }

  @Test
  void aReadCompleteWaitsWithItsMessage() {
    ArenaByteBufAllocator pausing = guard.another(hard(BudgetPolicy.PAUSE));
    OneByOne seen = new OneByOne();
    EmbeddedChannel channel = paused(pausing, seen);
    ByteBuf all = channel.alloc().directBuffer(HARD);
    transportReads(channel);
    assertThat(seen.events).isEmpty();
    all.release();
    ArenaLifecycleHandler.arena(channel).reset();
    channel.runPendingTasks();
    assertThat(seen.events).containsExactly("message of 1", "complete");
    channel.finishAndReleaseAll();
  }

  @Test
  void aMessageBeforeTheHeldOneHasItsReadComplete() {
    ArenaByteBufAllocator pausing = guard.another(hard(BudgetPolicy.PAUSE));
    OneByOne seen = new OneByOne();
    EmbeddedChannel channel = paused(pausing, seen);
    channel.pipeline().fireChannelRead(channel.alloc().buffer(2).writeZero(2));
    ByteBuf all = channel.alloc().directBuffer(HARD);
    transportReads(channel); // the second message of the same burst
    assertThat(seen.events).containsExactly("message of 2", "complete");
    all.release();
    ArenaLifecycleHandler.arena(channel).reset();
    channel.runPendingTasks();
    assertThat(seen.events).containsExactly("message of 2", "complete", "message of 1", "complete");
    channel.finishAndReleaseAll();
  }

  @Test
  void behindAFlowControlHandlerNothingStalls() {
    ArenaByteBufAllocator pausing = guard.another(hard(BudgetPolicy.PAUSE));
    OneByOne seen = new OneByOne();
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAutoRead(false);
    channel.pipeline().addLast(new ArenaLifecycleHandler(pausing), new FlowControlHandler(), seen);
    channel.runPendingTasks();
    for (int i = 1; i <= 3; i++) {
      ByteBuf all = channel.alloc().directBuffer(HARD);
      channel.read();
      transportReads(channel);
      assertThat(seen.events).doesNotContain("message of 1");
      all.release();
      ArenaLifecycleHandler.arena(channel).reset();
      channel.runPendingTasks();
      assertThat(seen.events).contains("message of 1");
      seen.events.clear();
    }
    channel.finishAndReleaseAll();
  }
}
