package dev.tidepool.echo.protocol.http2;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2Exception;

/** A client broke the rules of HTTP/2, or its limits. */
final class BadHttp2Exception extends DecoderException {
  private static final long serialVersionUID = 1L;

  BadHttp2Exception(Http2Exception found) {
    super(found.error() + ": " + found.getMessage());
    addSuppressed(found);
  }
}
