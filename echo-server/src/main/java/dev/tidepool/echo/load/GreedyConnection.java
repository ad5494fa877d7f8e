package dev.tidepool.echo.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Sends requests for as long as the server takes them, and reads none of the echoes: what a server
 * holds for it is what its back-pressure and its budgets let it hold.
 */
final class GreedyConnection extends ChannelInboundHandlerAdapter {
  private final RequestPlan plan;
  private long sent;

  GreedyConnection(RequestPlan plan) {
    this.plan = plan;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.channel().config().setAutoRead(false);
    send(ctx);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    send(ctx);
  }

  private void send(ChannelHandlerContext ctx) {
    while (ctx.channel().isWritable()) {
      Request request = plan.request(sent++);
      ByteBuf out = ctx.alloc().directBuffer(request.wireBytes());
      request.writeTo(out);
      var unused = ctx.writeAndFlush(out);
    }
  }

  /** A server may well close it: that is the server's right, and no failure of the load. */
  @Override
  @SuppressWarnings("deprecation") // inbound, and not deprecated there
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var unused = ctx.close();
  }
}
