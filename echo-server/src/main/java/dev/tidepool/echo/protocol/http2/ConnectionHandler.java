package dev.tidepool.echo.protocol.http2;

import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * The handler behind the server's codec that opens the connection's window and ends the connection
 * by GOAWAY: when the server drains, and after an error, for which the codec has the right code. A
 * client that does not read the GOAWAY is closed all the same.
 */
final class ConnectionHandler extends ChannelDuplexHandler {
  /** The window's size before anything is said of it. */
  private static final int DEFAULT_WINDOW = 65_535;

  private final Http2Connection connection;
  private boolean draining;
  private boolean reporting;
  private boolean closing;

  ConnectionHandler(Http2Connection connection) {
    this.connection = connection;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    connection.addListener(
        new Http2ConnectionAdapter() {
          @Override
          public void onStreamRemoved(Http2Stream stream) {
            if (draining) {
              ctx.executor().execute(() -> ctx.fireUserEventTriggered(RequestProgress.DRAIN));
            }
          }
        });
    if (ctx.channel().isActive()) { // it spoke another protocol before
      openWindow(ctx);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    openWindow(ctx);
    ctx.fireChannelActive();
  }

  /** Behind the codec's settings. */
  private static void openWindow(ChannelHandlerContext ctx) {
    int more = Codecs.CONNECTION_WINDOW - DEFAULT_WINDOW;
    ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame(more));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == RequestProgress.DRAIN) {
      draining = true;
      ctx.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
    }
    ctx.fireUserEventTriggered(event);
  }

  /** Reports an error before the codec sends its GOAWAY. */
  @Override
  @SuppressWarnings("deprecation") // inbound, and not deprecated there
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof Http2FrameStreamException) {
      ctx.fireExceptionCaught(cause); // of one stream, which the multiplexer finds
      return;
    }
    reporting = true;
    try {
      ctx.fireExceptionCaught(
          cause instanceof Http2Exception found ? new BadHttp2Exception(found) : cause);
    } finally {
      reporting = false;
    }
  }

  /** A write that fails closes the connection too, and is reported nowhere else. */
  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!closing && connection.numActiveStreams() > 0) {
      ctx.fireExceptionCaught(new IOException("connection broke off"));
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    closing = true;
    if (reporting) {
      ctx.executor().execute(() -> ctx.close(promise)); // behind the GOAWAY with the error's code
    } else {
      ctx.close(promise);
    }
    ctx.executor().schedule(() -> closeSocket(ctx), Codecs.GRACE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** In front of all handlers: the codec would wait until the GOAWAY is written. */
  private static void closeSocket(ChannelHandlerContext ctx) {
    if (ctx.channel().isOpen()) {
      ctx.pipeline().firstContext().close();
    }
  }
}
