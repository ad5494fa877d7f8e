package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LoopbackServer.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ends of requests by each boundary, over every transport. */
class RequestBoundaryTest {
  /** More bytes than all the socket buffers between the two ends hold. */
  private static final int MUCH = 16 << 20;

  private static final int CHUNK = 100_000;

  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);
  @RegisterExtension private final LoopbackServer server = new LoopbackServer();

  private final ArenaByteBufAllocator allocator = guard.allocator();
  private final AtomicInteger readCompletes = new AtomicInteger();

  private Connection start(Transport transport, RequestBoundary boundary, ChannelHandler handler)
      throws Exception {
    server.start(
        transport,
        channel ->
            channel
                .pipeline()
                .addLast(new ArenaLifecycleHandler(allocator, boundary))
                .addLast(handler));
    return server.connect();
  }

  /** Answers each byte n with n bytes, ended by a newline. */
  private class Answers extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf request = (ByteBuf) message;
      while (request.isReadable()) {
        answer(ctx, request.readByte());
      }
      request.release();
    }

    void answer(ChannelHandlerContext ctx, int size) {
      for (int i = 1; i < size; i++) {
        ctx.write(ctx.alloc().buffer(1).writeByte('.'));
      }
      ctx.writeAndFlush(ctx.alloc().buffer(1).writeByte('\n'));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      readCompletes.incrementAndGet();
    }
  }

  /** Each byte is a request, and a newline ends its answer. */
  private Connection startByMessages(Transport transport, ChannelHandler handler) throws Exception {
    return startByMessages(transport, RequestBoundaryTest::endsInNewline, handler);
  }

  private Connection startByMessages(
      Transport transport, Predicate<Object> endsResponse, ChannelHandler handler)
      throws Exception {
    server.start(
        transport,
        channel ->
            channel
                .pipeline()
                .addLast(new ArenaLifecycleHandler(allocator))
                .addLast(new FixedLengthFrameDecoder(1))
                .addLast(RequestBoundary.messages(message -> true, endsResponse))
                .addLast(handler));
    return server.connect();
  }

  private static boolean endsInNewline(Object message) {
    ByteBuf buffer = (ByteBuf) message;
    return buffer.getByte(buffer.writerIndex() - 1) == '\n';
  }

  // Read complete

  @ParameterizedTest
  @EnumSource
  void aReadBurstIsARequest(Transport transport) throws Exception {
    Connection connection = start(transport, RequestBoundary.readComplete(), new Answers());
    for (int i = 1; i <= 5; i++) {
      connection.send((byte) i, (byte) 1);
      connection.receive(i + 1);
      connection.awaitRequests(i);
    }
    assertThat(connection.arena().metric().stragglers()).isLessThanOrEqualTo(1); // io_uring's read
  }

  /** Answers each message with many bytes, and counts read-completes. */
  private final class AnswersMuch extends Answers {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ((ByteBuf) message).release();
      for (int i = 0; i < MUCH / CHUNK; i++) {
        ctx.write(ctx.alloc().buffer(CHUNK).writeZero(CHUNK));
      }
      ctx.flush();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSlowReadersRequestEndsWhenTheWriteIsDone(Transport transport) throws Exception {
    Connection connection = start(transport, RequestBoundary.readComplete(), new AnswersMuch());
    connection.send((byte) 1);
    TestThreads.await("the read to be complete", () -> readCompletes.get() > 0);
    connection.onLoop(
        () -> {
          assertThat(connection.channel().unsafe().outboundBuffer().totalPendingWriteBytes())
              .isPositive();
          assertThat(connection.arena().metric().resets()).isZero();
          assertThat(connection.arena().metric().chargedBytes()).isGreaterThan(CHUNK);
        });

    connection.receive(MUCH / CHUNK * CHUNK);

    connection.awaitRequests(1);
    assertThat(connection.arena().metric().peakRequestBytes()).isGreaterThan(MUCH - CHUNK);
    assertThat(connection.arena().metric().leasedBlocks()).isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void readBurstsDuringAPendingWriteWaitForIt(Transport transport) throws Exception {
    Connection connection = start(transport, RequestBoundary.readComplete(), new AnswersMuch());
    for (int i = 1; i <= 3; i++) {
      connection.send((byte) i);
      int reads = i;
      TestThreads.await("the read to be complete", () -> readCompletes.get() >= reads);
    }
    connection.onLoop(() -> assertThat(connection.arena().metric().resets()).isZero());

    connection.receive(3 * (MUCH / CHUNK) * CHUNK);

    TestThreads.await("requests", () -> connection.arena().metric().requests() >= 1);
    TestThreads.await(
        "all blocks but that of a pending read to go back",
        () -> connection.arena().metric().leasedBlocks() <= 1);
    assertThat(connection.arena().metric().requests()).isLessThanOrEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void aPeerThatNeverReadsAndLeavesHoldsNothing(Transport transport) throws Exception {
    Connection connection = start(transport, RequestBoundary.readComplete(), new AnswersMuch());
    connection.send((byte) 1);
    TestThreads.await("the read to be complete", () -> readCompletes.get() > 0);
    connection.socket().close();
    TestThreads.await("the arena's end", () -> allocator.metric().openArenas() == 0);
    assertThat(allocator.metric().leasedMemory()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void writesWithVoidPromisesEndRequestsToo(Transport transport) throws Exception {
    ChannelHandler handler =
        new Answers() {
          @Override
          void answer(ChannelHandlerContext ctx, int size) {
            ctx.writeAndFlush(ctx.alloc().buffer(1).writeByte('\n'), ctx.voidPromise());
          }
        };
    Connection connection = start(transport, RequestBoundary.readComplete(), handler);
    for (int i = 1; i <= 3; i++) {
      connection.send((byte) 1);
      connection.receive(1);
    }
    TestThreads.await("requests", () -> connection.arena().metric().requests() >= 1);
  }

  // By messages

  @ParameterizedTest
  @EnumSource
  void theEndOfEachAnswerEndsItsRequest(Transport transport) throws Exception {
    Connection connection = startByMessages(transport, new Answers());
    for (int i = 1; i <= 5; i++) {
      connection.send((byte) i);
      connection.receive(i);
      connection.awaitRequests(i);
      assertThat(connection.arena().metric().resets()).isEqualTo(i);
    }
  }

  @ParameterizedTest
  @EnumSource
  void pipelinedRequestsEndWhenAllOfThemAreAnswered(Transport transport) throws Exception {
    Connection connection = startByMessages(transport, new Answers());
    connection.send((byte) 5, (byte) 1, (byte) 3); // three requests at once
    connection.receive(9);
    TestThreads.await("an end", () -> connection.arena().metric().resets() >= 1);
    assertThat(connection.arena().metric().resets()).isLessThanOrEqualTo(3);
    long before = connection.arena().metric().resets();
    connection.send((byte) 2);
    connection.receive(2);
    TestThreads.await("another", () -> connection.arena().metric().resets() > before);
  }

  @ParameterizedTest
  @EnumSource
  void aRequestWithoutAnAnswerStaysOpen(Transport transport) throws Exception {
    ChannelHandler handler =
        new Answers() {
          @Override
          void answer(ChannelHandlerContext ctx, int size) {
            ctx.writeAndFlush(ctx.alloc().buffer(1).writeByte('.'));
          }
        };
    Connection connection = startByMessages(transport, handler);
    connection.send((byte) 1, (byte) 1);
    connection.receive(2);
    connection.onLoop(() -> {});
    assertThat(connection.arena().metric().resets()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerToASlowReaderEndsWhenItIsWritten(Transport transport) throws Exception {
    ChannelHandler handler =
        new Answers() {
          @Override
          void answer(ChannelHandlerContext ctx, int size) {
            ctx.write(ctx.alloc().buffer(MUCH).writeZero(MUCH));
            super.answer(ctx, 1);
          }
        };
    Connection connection = startByMessages(transport, handler);
    connection.send((byte) 1);
    TestThreads.await("the read to be complete", () -> readCompletes.get() > 0);
    connection.onLoop(() -> assertThat(connection.arena().metric().resets()).isZero());
    connection.receive(MUCH + 1);
    connection.awaitRequests(1);
  }

  @ParameterizedTest
  @EnumSource
  void aThrowingPredicateFailsTheWriteAndLeaksNothing(Transport transport) throws Exception {
    Predicate<Object> endsResponse =
        message -> {
          if (((ByteBuf) message).getByte(0) == '.') {
            throw new IllegalStateException("thrown on purpose");
          }
          return true;
        };
    Connection connection = startByMessages(transport, endsResponse, new Answers());
    connection.send((byte) 3);
    connection.receive(1);
    connection.awaitRequests(1);
  }

  // Manual

  @ParameterizedTest
  @EnumSource
  void withTheManualBoundaryNoRequestEndsByItself(Transport transport) throws Exception {
    Connection connection = start(transport, RequestBoundary.manual(), new Answers());
    for (int i = 1; i <= 3; i++) {
      connection.send((byte) 5);
      connection.receive(5);
    }
    connection.onLoop(
        () -> {
          assertThat(connection.arena().metric().resets()).isZero();
          connection.arena().reset();
        });
    assertThat(connection.arena().metric().requests()).isEqualTo(1);
    assertThat(connection.arena().metric().leasedBlocks()).isLessThanOrEqualTo(1);
  }
}
