package dev.tidepool.echo.live.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * The one handler of a connection that gets events. A viewer that does not read misses events, and
 * after some time is closed. Event loop only.
 */
final class Viewer extends ChannelInboundHandlerAdapter {
  private static final long NEVER = Long.MAX_VALUE;

  private final Channel channel;
  private final long patienceNanos;
  private long stalledSince = NEVER;

  /**
   * @param patienceNanos how long the viewer may leave unread what was written
   */
  Viewer(Channel channel, long patienceNanos) {
    this.channel = channel;
    this.patienceNanos = patienceNanos;
  }

  /** Writes {@code event}, whose bytes are shared, unless the viewer is behind. */
  void offer(ByteBuf event, long now) {
    if (channel.isWritable()) {
      stalledSince = NEVER;
      channel.writeAndFlush(event.retainedDuplicate(), channel.voidPromise());
    } else if (stalledSince == NEVER) {
      stalledSince = now;
    } else if (now - stalledSince > patienceNanos) {
      channel.close();
    }
  }

  /** A viewer has nothing more to say. */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  @SuppressWarnings("deprecation") // inbound, and not deprecated there
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
