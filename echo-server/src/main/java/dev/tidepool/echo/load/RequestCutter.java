package dev.tidepool.echo.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * The handler that cuts a request off: it lets half of the bytes that come down to the socket pass,
 * then resets the connection. Event loop only.
 */
final class RequestCutter extends ChannelOutboundHandlerAdapter {
  private boolean cutting;
  private @Nullable CompositeByteBuf held;

  /** Cuts what is written and flushed next. */
  void cutNext() {
    cutting = true;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (cutting && message instanceof ByteBuf bytes) {
      if (held == null) {
        held = ctx.alloc().compositeBuffer(Integer.MAX_VALUE);
      }
      held.addComponent(true, bytes);
      promise.trySuccess();
    } else {
      ctx.write(message, promise);
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    if (!cutting) {
      ctx.flush();
      return;
    }
    ByteBuf half = half(ctx);
    ctx.writeAndFlush(half).addListener(written -> reset(ctx));
  }

  private ByteBuf half(ChannelHandlerContext ctx) {
    CompositeByteBuf request = held;
    held = null;
    if (request == null) {
      return ctx.alloc().buffer(0, 0);
    }
    return request.writerIndex(request.writerIndex() / 2);
  }

  private static void reset(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) { // else the server was faster
      ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    }
    ctx.close(); // from here on, so that no codec says goodbye
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (held != null) {
      held.release();
      held = null;
    }
  }
}
