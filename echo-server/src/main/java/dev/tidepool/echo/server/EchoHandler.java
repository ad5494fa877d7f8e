package dev.tidepool.echo.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Sends every request back as it came, without a copy, and stops reading while the other side does
 * not take its echo: a client that never reads holds one burst of reads and no more.
 */
final class EchoHandler extends ChannelInboundHandlerAdapter {
  private final ServerTotals totals;
  private long burstRequests;
  private long burstBytes;

  EchoHandler(ServerTotals totals) {
    this.totals = totals;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf request = (ByteBuf) message;
    burstRequests++;
    burstBytes += request.readableBytes();
    // A write that fails arrives in exceptionCaught: that is what the void promise is for.
    var unused = ctx.write(request, ctx.voidPromise());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    count();
    ctx.flush();
    if (!ctx.channel().isWritable()) {
      readOnlyWhileWritable(ctx.channel()); // somebody else may have resumed reading meanwhile
    }
    ctx.fireChannelReadComplete();
  }

  /** A burst that ends with its connection need not be complete: on io_uring it never is. */
  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    count();
    ctx.fireChannelInactive();
  }

  private void count() {
    totals.echoed(burstRequests, burstBytes);
    burstRequests = 0;
    burstBytes = 0;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    readOnlyWhileWritable(ctx.channel());
    ctx.fireChannelWritabilityChanged();
  }

  private static void readOnlyWhileWritable(Channel channel) {
    channel.config().setAutoRead(channel.isWritable());
  }
}
