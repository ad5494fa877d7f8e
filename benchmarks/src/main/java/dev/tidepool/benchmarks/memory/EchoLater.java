package dev.tidepool.benchmarks.memory;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/** Sends back what it received a while ago, as a server does that asks another one first. */
final class EchoLater extends ChannelInboundHandlerAdapter {
  private final long delayMillis;

  EchoLater(long delayMillis) {
    this.delayMillis = delayMillis;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var unused =
        ctx.executor().schedule(() -> send(ctx, message), delayMillis, TimeUnit.MILLISECONDS);
  }

  private static void send(ChannelHandlerContext ctx, Object message) {
    var unused = ctx.writeAndFlush(message);
  }

  @Override
  @SuppressWarnings("deprecation") // inbound, and not deprecated there
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var unused = ctx.close();
  }
}
