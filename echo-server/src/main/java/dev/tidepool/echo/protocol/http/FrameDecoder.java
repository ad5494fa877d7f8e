package dev.tidepool.echo.protocol.http;

import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;

/**
 * Decodes WebSocket frames and knows how much of the current message has arrived. Event loop only.
 */
final class FrameDecoder extends WebSocket13FrameDecoder implements RequestProgress {
  private boolean inFrame;
  private boolean inMessage;

  /** Whether nothing more counts: after a close frame, or a bad one. */
  private boolean done;

  FrameDecoder(WebSocketDecoderConfig config) {
    super(config);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    int position = in.readerIndex();
    int decoded = out.size();
    try {
      super.decode(ctx, in, out);
    } catch (CorruptedWebSocketFrameException e) {
      done = true;
      throw e;
    }
    if (out.size() > decoded) {
      note((WebSocketFrame) out.get(decoded));
    } else {
      inFrame |= in.readerIndex() > position;
    }
  }

  private void note(WebSocketFrame frame) {
    inFrame = false;
    done |= frame instanceof CloseWebSocketFrame;
    if (frame instanceof TextWebSocketFrame
        || frame instanceof BinaryWebSocketFrame
        || frame instanceof ContinuationWebSocketFrame) {
      inMessage = !frame.isFinalFragment();
    }
  }

  @Override
  protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws Exception {
    super.decodeLast(ctx, in, out);
    if (midRequest()) {
      String arrived = describe();
      done = true;
      throw new CorruptedFrameException(
          "input ended after " + arrived + ", expected the whole message");
    }
  }

  @Override
  public boolean midRequest() {
    return !done && (inFrame || inMessage || actualReadableBytes() > 0);
  }

  @Override
  public String describe() {
    if (!midRequest()) {
      return "between WebSocket messages";
    }
    return inFrame || actualReadableBytes() > 0
        ? "a part of a WebSocket frame"
        : "some fragments of a WebSocket message";
  }

  @Override
  public Object farewell() {
    done = true;
    return new CloseWebSocketFrame(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE);
  }
}
