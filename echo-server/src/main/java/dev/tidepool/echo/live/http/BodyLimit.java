package dev.tidepool.echo.live.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;

/** The handler that makes a request whole, and refuses one whose body is too large. */
final class BodyLimit extends HttpObjectAggregator {
  /** The most bytes of a body; no request needs one. */
  static final int MOST = 1024;

  BodyLimit() {
    super(MOST);
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
    FullHttpResponse response =
        new RefusedException(
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                "the body is too large, expected " + MOST + " bytes at most")
            .reply()
            .toMessage(false);
    HttpUtil.setKeepAlive(response, false);
    ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}
