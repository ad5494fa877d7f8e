package dev.tidepool.echo.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Flushes the answers at the end of each burst of reads, and stops reading while the client does
 * not take them: for a client that never reads the server holds one burst of reads and no more.
 */
final class BackPressureHandler extends ChannelInboundHandlerAdapter {
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.flush();
    if (!ctx.channel().isWritable()) {
      readOnlyWhileWritable(ctx.channel()); // another handler may have resumed reading meanwhile
    }
    ctx.fireChannelReadComplete();
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
