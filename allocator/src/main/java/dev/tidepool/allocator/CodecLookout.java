package dev.tidepool.allocator;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The handler behind one that decides on the protocol, such as TLS's negotiation: a codec that is
 * added behind it is seen before the first message reaches that codec. Event loop only.
 */
final class CodecLookout extends ChannelInboundHandlerAdapter {
  private final Runnable look;

  CodecLookout(Runnable look) {
    this.look = look;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    look.run();
    ctx.fireChannelRead(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    look.run();
    ctx.fireUserEventTriggered(event);
  }
}
