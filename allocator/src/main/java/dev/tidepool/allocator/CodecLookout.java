package dev.tidepool.allocator;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;

/**
 * The handler behind one that decides on the protocol, such as TLS's negotiation: a codec that is
 * added behind it is seen before the first message reaches that codec. Event loop only.
 */
final class CodecLookout extends ChannelInboundHandlerAdapter {
  private final Consumer<Object> look;

  /**
   * @param look called with what arrives here, before it is passed on
   */
  CodecLookout(Consumer<Object> look) {
    this.look = look;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    look.accept(message);
    ctx.fireChannelRead(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    look.accept(event);
    ctx.fireUserEventTriggered(event);
  }
}
