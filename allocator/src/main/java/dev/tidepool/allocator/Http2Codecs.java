package dev.tidepool.allocator;

import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionHandler;

/** Netty's codec of HTTP/2 connections, as it is found in pipelines. */
final class Http2Codecs {
  private static final boolean ARE_AVAILABLE = link();

  private Http2Codecs() {}

  private static boolean link() {
    try {
      requireNonNull(Http2ConnectionHandler.class);
      return true;
    } catch (LinkageError e) {
      return false; // netty-codec-http2 is not on the class path
    }
  }

  /** Whether {@code pipeline} is that of an HTTP/2 connection. */
  static boolean areIn(ChannelPipeline pipeline) {
    return ARE_AVAILABLE && pipeline.context(Http2ConnectionHandler.class) != null;
  }
}
