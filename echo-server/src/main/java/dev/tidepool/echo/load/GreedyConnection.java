package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.ProtocolClient;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * A connection that sends requests for as long as the server takes them and never reads an answer:
 * the memory that the server holds for it is bounded by back-pressure and budgets alone.
 */
final class GreedyConnection extends ChannelInboundHandlerAdapter {
  private static final int AT_ONCE = 16;

  private final RequestPlan plan;
  private final ProtocolClient client;
  private boolean begun;
  private boolean resuming;
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
      resume(ctx);
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (begun && ctx.channel().isWritable()) {
      resume(ctx);
    }
  }

  private void resume(ChannelHandlerContext ctx) {
    if (!resuming) {
      resuming = true;
      ctx.executor().execute(() -> send(ctx));
    }
  }

  /** Not without end: the other connections of the event loop have their turns. */
  private void send(ChannelHandlerContext ctx) {
    for (int i = 0; i < AT_ONCE && ctx.channel().isWritable(); i++) {
      for (Object message : client.encode(plan.request(sent++), ctx.alloc())) {
        ctx.write(message);
      }
      ctx.flush();
    }
    resuming = false;
    if (ctx.channel().isWritable()) { // not when it is closed
      resume(ctx);
    }
  }

  /** A server may well close it: that is the server's right, and no failure of the load. */
  @Override
  @SuppressWarnings("deprecation") // inbound, and not deprecated there
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
