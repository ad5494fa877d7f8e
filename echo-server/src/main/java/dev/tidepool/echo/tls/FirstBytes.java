package dev.tidepool.echo.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The handler in front of TLS that tells whether any byte has arrived; it leaves with the first.
 */
final class FirstBytes extends ChannelInboundHandlerAdapter {
  private boolean arrived;

  boolean haveArrived() {
    return arrived;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    arrived = true;
    ctx.fireChannelRead(message);
    if (!ctx.isRemoved()) {
      ctx.pipeline().remove(this);
    }
  }
}
