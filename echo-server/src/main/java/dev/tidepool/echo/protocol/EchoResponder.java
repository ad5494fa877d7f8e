package dev.tidepool.echo.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.LongConsumer;

/** Answers every request with its own bytes, without a copy. */
final class EchoResponder extends ChannelInboundHandlerAdapter {
  private final LongConsumer answered;

  EchoResponder(LongConsumer answered) {
    this.answered = answered;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf request = (ByteBuf) message;
    answered.accept(request.readableBytes());
    // A write that fails arrives in exceptionCaught: that is what the void promise is for.
    ctx.write(request, ctx.voidPromise());
  }
}
