package dev.tidepool.echo.protocol.http;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;

/** A WebSocket frame after which the connection cannot go on. */
final class BadFrameException extends DecoderException {
  private static final long serialVersionUID = 1L;

  /**
   * @param reason names what is wrong
   */
  BadFrameException(WebSocketCloseStatus status, String reason) {
    super("bad WebSocket frame (" + status.code() + "): " + reason);
  }
}
