package dev.tidepool.allocator;

import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelOption;

/** Netty's codec of HTTP/2 connections, as it is found in pipelines, and its streams. */
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

  /** Whether {@code channel} is a stream whose window Netty opens again as the stream reads. */
  static boolean opensWindow(Channel channel) {
    return ARE_AVAILABLE
        && channel instanceof Http2StreamChannel
        && channel.config().getOption(Http2StreamChannelOption.AUTO_STREAM_FLOW_CONTROL);
  }

  /** Has Netty open the window of {@code stream} by what was read, or leave it as it is. */
  static void opensWindow(Channel stream, boolean opens) {
    stream.config().setOption(Http2StreamChannelOption.AUTO_STREAM_FLOW_CONTROL, opens);
  }

  /** Whether {@code pipeline} is that of an HTTP/2 connection. */
  static boolean areIn(ChannelPipeline pipeline) {
    return ARE_AVAILABLE && pipeline.context(Http2ConnectionHandler.class) != null;
  }
}
