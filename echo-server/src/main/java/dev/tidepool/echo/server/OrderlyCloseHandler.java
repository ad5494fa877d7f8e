package dev.tidepool.echo.server;

import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection without losing an answer. After the client's half-close it writes the answers
 * that are left and closes. When the server drains, the request that is arriving is still answered;
 * then the output is shut down, and the connection closes when the client does, or soon after.
 */
final class OrderlyCloseHandler extends ChannelInboundHandlerAdapter {
  /** How long a client may take to notice that the output has ended. */
  private static final long LINGER_MILLIS = 300;

  private final RequestProgress progress;
  private boolean draining;
  private boolean finishing;

  OrderlyCloseHandler(RequestProgress progress) {
    this.progress = progress;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == RequestProgress.DRAIN) {
      draining = true;
      finishWhenIdle(ctx);
    } else if (event == ChannelInputShutdownEvent.INSTANCE) {
      finishing = true;
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (finishing) {
      ReferenceCountUtil.release(message);
    } else {
      ctx.fireChannelRead(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    finishWhenIdle(ctx);
  }

  private void finishWhenIdle(ChannelHandlerContext ctx) {
    if (draining && !finishing && !progress.midRequest()) {
      finishing = true;
      ctx.writeAndFlush(progress.farewell()).addListener(written -> endTls(ctx));
    }
  }

  /** With TLS a close_notify is the end of the output; the socket's own end follows. */
  private static void endTls(ChannelHandlerContext ctx) {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    if (tls == null) {
      endOutput(ctx);
    } else {
      tls.closeOutbound().addListener(sent -> endOutput(ctx));
    }
  }

  private static void endOutput(ChannelHandlerContext ctx) {
    DuplexChannel channel = (DuplexChannel) ctx.channel();
    channel.shutdownOutput().addListener(ended -> closeSoon(channel));
  }

  private static void closeSoon(Channel channel) {
    channel.eventLoop().schedule(() -> close(channel), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static void close(Channel channel) {
    channel.close();
  }
}
