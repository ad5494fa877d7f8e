package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LoopbackServer.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The policy {@code FAIL} on a channel whose hard budget has no room. */
class FailPolicyOfAChannelTest extends BudgetedChannels {
  @ParameterizedTest
  @EnumSource
  void aSwallowedFailureClosesTheConnection(Transport transport) throws Exception {
    Swallows swallows = new Swallows();
    Connection connection = connect(transport, hard(BudgetPolicy.FAIL), swallows);
    Connection other = server.connect();
    assertAlive(connection);
    connection.send((byte) 1);
    awaitEnd(connection);
    assertThat(swallows.swallowed).hasValue(10);
    assertThat(thrown).isEmpty(); // the handler that swallowed it has seen it
    TestThreads.await("the arena's end", () -> connection.arena().isClosed());
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
  void aWrappedFailureIsFiredOnceAndClosesTheConnection(Transport transport) throws Exception {
    Connection connection = connect(transport, hard(BudgetPolicy.FAIL), new Wraps());
    connection.send((byte) 1);
    awaitEnd(connection);
    assertThat(thrown)
        .singleElement()
        .satisfies(e -> assertThat(e).hasCauseInstanceOf(ArenaBudgetExceededException.class));
  }

  @ParameterizedTest
  @EnumSource
  void aFailureInAPromiseClosesTheConnection(Transport transport) throws Exception {
    Connection connection = connect(transport, hard(BudgetPolicy.FAIL), new Echo());
    exhaust(connection);
    connection.onLoop(
        () -> {
          connection.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[100]));
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
  void aRefusedReadIsFiredOnceAndClosesTheConnection(Transport transport) throws Exception {
    Connection connection = connect(transport, hard(BudgetPolicy.FAIL), new Echo());
    exhaust(connection);
    connection.send(pattern());
    awaitEnd(connection);
    assertThat(thrown).singleElement().isInstanceOf(ArenaBudgetExceededException.class);
    TestThreads.await("no overflow", () -> allocator.metric().overflowMemory() == 0);
  }
}
