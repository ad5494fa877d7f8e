package dev.tidepool.benchmarks;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/** A handler that sends back what it receives: at once, or as a server that asks another first. */
public class EchoHandler extends ChannelInboundHandlerAdapter {
  private final int delayMillis;

  /**
   * @param delayMillis from a message's arrival to its echo; 0: at once
   */
  public EchoHandler(int delayMillis) {
    this.delayMillis = delayMillis;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var unused =
        delayMillis == 0
            ? ctx.write(message)
            : ctx.executor().schedule(() -> send(ctx, message), delayMillis, TimeUnit.MILLISECONDS);
  }

  private static void send(ChannelHandlerContext ctx, Object message) {
    var unused = ctx.writeAndFlush(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.flush();
  }

  @Override
  @SuppressWarnings("deprecation") // inbound, and not deprecated there
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var unused = ctx.close();
  }
}
