package dev.tidepool.echo.live.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpContentException;
import org.jspecify.annotations.Nullable;

/**
 * The handler that makes a request whole. One whose body is too large goes on without it, as one
 * that cannot be decoded: it is refused when those before it have been answered.
 */
final class BodyLimit extends HttpObjectAggregator {
  /** The most bytes of a body; no request needs one. */
  static final int MOST = 1024;

  BodyLimit() {
    super(MOST);
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
    HttpRequest head = (HttpRequest) oversized;
    FullHttpRequest refused =
        new DefaultFullHttpRequest(
            head.protocolVersion(), head.method(), head.uri(), Unpooled.EMPTY_BUFFER);
    refused.setDecoderResult(
        DecoderResult.failure(
            new TooLongHttpContentException(
                "the body is too large, expected " + MOST + " bytes at most")));
    ctx.fireChannelRead(refused);
  }

  /** None for a body that is too large; that request is refused in its turn. */
  @Override
  protected @Nullable Object newContinueResponse(
      HttpMessage start, int most, ChannelPipeline pipeline) {
    boolean isExpected = HttpUtil.is100ContinueExpected(start);
    return isExpected && HttpUtil.getContentLength(start, 0L) <= most
        ? super.newContinueResponse(start, most, pipeline)
        : null;
  }
}
