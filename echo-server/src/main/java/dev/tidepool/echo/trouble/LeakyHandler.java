package dev.tidepool.echo.trouble;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.List;

/**
 * A handler that takes a buffer of its connection's arena at each read and does not release it, up
 * to a few. Unlike one of a real fault it knows them, so that they can be released when they have
 * been reported. Event loop only.
 */
final class LeakyHandler extends ChannelInboundHandlerAdapter {
  private static final int MOST = 8;
  private static final int BYTES = 1_000;

  private final List<ByteBuf> forgotten = new ArrayList<>();

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (forgotten.size() < MOST) {
      forgotten.add(forget(ctx));
    }
    ctx.fireChannelRead(message);
  }

  private static ByteBuf forget(ChannelHandlerContext ctx) {
    return ctx.alloc().buffer(BYTES).writeZero(BYTES);
  }

  /** Releases what was forgotten, and returns how many buffers that were. */
  int release() {
    int count = forgotten.size();
    forgotten.forEach(ByteBuf::release);
    forgotten.clear();
    return count;
  }
}
