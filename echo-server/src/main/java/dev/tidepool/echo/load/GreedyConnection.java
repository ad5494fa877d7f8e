package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.ProtocolClient;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * A connection that sends requests for as long as the server takes them and never reads an answer:
 * the memory that the server holds for it is bounded by back-pressure and budgets alone.
 */
class GreedyConnection extends ChannelInboundHandlerAdapter {
  private final RequestPlan plan;
  private final ProtocolClient client;
  private boolean begun;
  private long sent;

  GreedyConnection(RequestPlan plan, ProtocolClient client) {
    this.plan = plan;
    this.client = client;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ProtocolClient.READY) {
      begun = true;
      ctx.channel().config().setAutoRead(false);
      begin(ctx);
      send(ctx);
    }
    ctx.fireUserEventTriggered(event);
  }

  /** Called before the first request is sent. */
  void begin(ChannelHandlerContext ctx) {}

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (begun) {
      send(ctx);
    }
  }

  private void send(ChannelHandlerContext ctx) {
    while (ctx.channel().isWritable()) {
      for (Object message : client.encode(plan.request(sent++), ctx.alloc())) {
        ctx.write(message);
      }
      ctx.flush();
    }
  }

  /** A server may well close it: that is the server's right, and no failure of the load. */
  @Override
  @SuppressWarnings("deprecation") // inbound, and not deprecated there
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
