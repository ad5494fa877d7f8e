package dev.tidepool.echo.protocol.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * Refuses frames with reserved bits that no extension has taken: the decoder lets all pass, since
 * an extension may be agreed on, and the extension takes its own.
 */
final class ReservedBitsHandler extends SimpleChannelInboundHandler<WebSocketFrame> {
  ReservedBitsHandler() {
    super(false);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
    int bits = frame.rsv();
    if (bits == 0) {
      ctx.fireChannelRead(frame);
      return;
    }
    frame.release();
    WebSocketCloseStatus status = WebSocketCloseStatus.PROTOCOL_ERROR;
    String reason = "reserved bits " + bits + ", expected 0";
    ctx.writeAndFlush(new CloseWebSocketFrame(status, reason));
    throw new CorruptedWebSocketFrameException(status, reason);
  }
}
