package dev.tidepool.echo.protocol.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * The first handler of the codec: closes a connection in two steps (RFC 9112, section 9.6). It ends
 * the output and discards what still arrives, until the client has closed too, or for a short time.
 * A connection that is closed with input unread is reset, and the reset may take the last answer
 * from a client that was still sending.
 */
public final class LingeringCloseHandler extends ChannelDuplexHandler {
  private static final long LINGER_MILLIS = 300;

  private boolean inputEnded;
  private boolean closing;

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (closing) {
      completeWhenClosed(ctx, promise);
    } else if (closesAtOnce(ctx)) {
      closing = true;
      ctx.close(promise);
    } else {
      closing = true;
      completeWhenClosed(ctx, promise);
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(written -> ((DuplexChannel) ctx.channel()).shutdownOutput());
      ctx.executor().schedule(() -> finish(ctx), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** A TLS connection ends by its own close-notify. */
  private boolean closesAtOnce(ChannelHandlerContext ctx) {
    return inputEnded
        || !(ctx.channel() instanceof DuplexChannel channel)
        || !channel.isActive()
        || channel.isOutputShutdown()
        || channel.eventLoop().isShuttingDown()
        || ctx.pipeline().get(SslHandler.class) != null;
  }

  private static void completeWhenClosed(ChannelHandlerContext ctx, ChannelPromise promise) {
    ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
  }

  private static void finish(ChannelHandlerContext ctx) {
    ctx.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (closing) {
      ReferenceCountUtil.release(message);
    } else {
      ctx.fireChannelRead(message);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      inputEnded = true;
      if (closing) {
        finish(ctx);
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  /** A client may well reset a connection whose output has ended. */
  @Override
  @SuppressWarnings("deprecation") // inbound, and not deprecated there
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (closing && cause instanceof IOException) {
      finish(ctx);
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }
}
