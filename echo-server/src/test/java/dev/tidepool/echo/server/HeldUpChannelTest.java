package dev.tidepool.echo.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.protocol.RawProtocol;
import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** The handlers on a channel whose peer takes what is written only when the test lets it. */
class HeldUpChannelTest {
  private static final byte[] BYTES = {1, 2, 3, 4};

  /** Keeps what is written until it is let go. */
  private static final class Hold extends ChannelOutboundHandlerAdapter {
    private record Write(Object message, ChannelPromise promise) {}

    private final Queue<Write> held = new ArrayDeque<>();

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      held.add(new Write(message, promise.unvoid()));
    }

    void letGo(EmbeddedChannel channel) {
      ChannelHandlerContext ctx = channel.pipeline().context(this);
      for (Write write = held.poll(); write != null; write = held.poll()) {
        ctx.writeAndFlush(write.message(), write.promise());
      }
      channel.runPendingTasks();
    }
  }

  private final Hold hold = new Hold();
  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          hold,
          new OrderlyCloseHandler(RequestProgress.NONE),
          new RawProtocol().newResponder(bytes -> {}),
          new BackPressureHandler());

  private void receive() {
    channel.writeInbound(channel.alloc().heapBuffer().writeBytes(BYTES));
  }

  @Test
  void closesAfterTheInputsEndOnceAllIsWritten() {
    receive();
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    channel.runPendingTasks();
    assertThat(channel.isOpen()).as("open while the echo is not written").isTrue();

    hold.letGo(channel);
    ByteBuf echo = channel.readOutbound();
    assertThat(ByteBufUtil.getBytes(echo)).isEqualTo(BYTES);
    echo.release();
    assertThat(channel.isOpen()).as("open when all is written").isFalse();
    channel.outboundMessages().forEach(ReferenceCountUtil::release);
  }

  @Test
  void pausesAgainAfterAnotherHandlerResumedReading() {
    channel.pipeline().remove(hold);
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).as("reads while not writable").isFalse();

    channel.config().setAutoRead(true);
    receive();
    assertThat(channel.config().isAutoRead()).as("reads after another burst").isFalse();

    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).as("reads when writable").isTrue();
    assertThat(channel.finishAndReleaseAll()).isTrue();
  }
}
