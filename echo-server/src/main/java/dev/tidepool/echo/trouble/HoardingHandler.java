package dev.tidepool.echo.trouble;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.List;

/**
 * A handler that takes memory of its connection's arena and keeps it as long as the connection
 * lasts: so much that reading is paused, or without end, until the arena refuses. Event loop only.
 */
final class HoardingHandler extends ChannelInboundHandlerAdapter {
  private static final int BYTES = 64 << 10;

  private final int buffers;
  private final List<ByteBuf> hoard = new ArrayList<>();

  private HoardingHandler(int buffers) {
    this.buffers = buffers;
  }

  /** One that stops a quarter above {@code softBudget}. */
  static HoardingHandler above(int softBudget) {
    return new HoardingHandler(softBudget / BYTES * 5 / 4);
  }

  /** One that does not stop. */
  static HoardingHandler withoutEnd() {
    return new HoardingHandler(Integer.MAX_VALUE);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    try {
      while (hoard.size() < buffers && ctx.channel().isActive()) {
        hoard.add(ctx.alloc().buffer(BYTES).writeZero(BYTES));
      }
    } catch (RuntimeException refused) {
      ctx.fireExceptionCaught(refused);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    release();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    release();
  }

  private void release() {
    hoard.forEach(ByteBuf::release);
    hoard.clear();
  }
}
