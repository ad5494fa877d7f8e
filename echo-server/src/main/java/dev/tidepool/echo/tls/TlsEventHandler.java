package dev.tidepool.echo.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import javax.net.ssl.SSLHandshakeException;

/**
 * The handler behind TLS that turns its events into those that plain sockets have: the client's
 * close_notify is the end of its input, and a handshake that fails is an exception. A client that
 * connects and leaves without a byte, as port checks do, is no failure.
 */
final class TlsEventHandler extends ChannelInboundHandlerAdapter {
  private final FirstBytes firstBytes;
  private boolean shaken;
  private boolean inputEnded;

  TlsEventHandler(FirstBytes firstBytes) {
    this.firstBytes = firstBytes;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      shaken = handshake.isSuccess();
      if (!shaken && !inputEnded) {
        fail(ctx, handshake.cause());
      }
    } else if (event == ChannelInputShutdownEvent.INSTANCE && !shaken) {
      leftEarly(ctx);
      return;
    } else if (event == SslCloseCompletionEvent.SUCCESS
        || event == ChannelInputShutdownEvent.INSTANCE) {
      endInput(ctx);
      return;
    }
    ctx.fireUserEventTriggered(event);
  }

  /** Closes at once: what is written before the end of a handshake would wait for it. */
  private void leftEarly(ChannelHandlerContext ctx) {
    if (!inputEnded) {
      fail(ctx, new SSLHandshakeException("input ended before the handshake did"));
      inputEnded = true;
      ctx.close();
    }
  }

  private void fail(ChannelHandlerContext ctx, Throwable cause) {
    if (firstBytes.haveArrived()) {
      ctx.fireExceptionCaught(cause);
    }
  }

  /** A close_notify is usually followed by the end of the socket's input. */
  private void endInput(ChannelHandlerContext ctx) {
    if (!inputEnded) {
      inputEnded = true;
      ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
  }
}
