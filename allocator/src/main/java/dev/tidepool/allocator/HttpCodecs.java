package dev.tidepool.allocator;

import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Netty's codecs of HTTP/1.1 servers, as they are found in pipelines. Event loop only. */
final class HttpCodecs {
  private HttpCodecs() {}

  /** Fails with a {@link LinkageError} if {@code netty-codec-http} is not on the class path. */
  static void link() {
    requireNonNull(HttpServerCodec.class);
    requireNonNull(ApplicationProtocolNegotiationHandler.class);
  }

  /**
   * A codec in a pipeline, which is one handler or a pair.
   *
   * @param last the one that stands behind the other
   */
  record Codec(ChannelHandlerContext decoder, ChannelHandlerContext last) {
    boolean isRemoved() {
      return decoder.isRemoved() || last.isRemoved();
    }
  }

  /**
   * The codec; null if there is none on the event loop, if there are two, of which either may have
   * the requests, or if the channel is a client's.
   */
  static @Nullable Codec find(ChannelPipeline pipeline) {
    Codec codec = findAny(pipeline);
    return codec == null
            || codec.decoder.executor() != pipeline.channel().eventLoop()
            || pipeline.context(HttpClientCodec.class) != null
            || decoders(pipeline) > 1
        ? null
        : codec;
  }

  private static int decoders(ChannelPipeline pipeline) {
    int decoders = 0;
    for (Map.Entry<String, ChannelHandler> entry : pipeline) {
      if (entry.getValue() instanceof HttpServerCodec
          || entry.getValue() instanceof HttpRequestDecoder) {
        decoders++;
      }
    }
    return decoders;
  }

  private static @Nullable Codec findAny(ChannelPipeline pipeline) {
    ChannelHandlerContext codec = pipeline.context(HttpServerCodec.class);
    if (codec != null) {
      return new Codec(codec, codec);
    }
    ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
    ChannelHandlerContext encoder =
        decoder == null ? null : pipeline.context(HttpResponseEncoder.class);
    return encoder == null ? null : pair(pipeline.names(), decoder, encoder);
  }

  private static Codec pair(
      List<String> names, ChannelHandlerContext decoder, ChannelHandlerContext encoder) {
    boolean isDecoderLast = names.indexOf(decoder.name()) > names.indexOf(encoder.name());
    return new Codec(decoder, isDecoderLast ? decoder : encoder);
  }

  /** Adds the boundary, which gives way to the application's own. */
  static MessageBoundary putBoundaryBehind(Codec codec) {
    MessageBoundary boundary = HttpExchanges.boundary(false);
    codec.last.pipeline().addAfter(codec.last.name(), null, boundary);
    return boundary;
  }

  /** Whether {@code last}, the last on the event loop, can but decide on what comes behind it. */
  static boolean mayBeAddedBehind(@Nullable ChannelHandlerContext last) {
    return last != null
        && last.executor() == last.channel().eventLoop()
        && (last.handler() instanceof ApplicationProtocolNegotiationHandler
            || last.handler() instanceof ByteToMessageDecoder);
  }
}
