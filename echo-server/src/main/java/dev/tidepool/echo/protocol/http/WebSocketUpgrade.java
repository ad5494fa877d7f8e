package dev.tidepool.echo.protocol.http;

import dev.tidepool.allocator.RequestBoundary;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.SpokenProtocol;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/**
 * The switch of a connection from HTTP to WebSocket (RFC 6455). The handler that answers requests
 * gives way to the handlers of WebSocket:
 *
 * <pre>
 *   permessage-deflate   if the client offers it (RFC 7692)
 *   reserved bits        refuses those that no extension has taken
 *   UTF-8                refuses text that is none
 *   echo                 {@link WebSocketEchoHandler}
 * </pre>
 *
 * and the boundary to one for which a message is a request, and a ping too.
 */
final class WebSocketUpgrade {
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");
  private static final String VERSION = "13";

  /**
   * The most bytes that a compressed frame inflates to: 1 MiB. They lie outside the connection's
   * arena and budget, as Netty inflates and deflates in channels of its own, with its default
   * allocator.
   */
  static final int LARGEST_INFLATED = 1 << 20;

  private final LongConsumer answered;

  WebSocketUpgrade(LongConsumer answered) {
    this.answered = answered;
  }

  /** Whether {@code request} is a handshake that can be answered by one. */
  static boolean isAskedFor(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return HttpMethod.GET.equals(request.method())
        && RequestTarget.of(request.uri()) == RequestTarget.WEB_SOCKET
        && request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0
        && !HttpUtil.isTransferEncodingChunked(request)
        && HttpUtil.getContentLength(request, 0L) == 0
        && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
        && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION, true)
        && KEY.matcher(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY, "")).matches();
  }

  /** Replaces {@code answering} and passes {@code request} to the handlers of WebSocket. */
  void begin(ChannelHandlerContext ctx, ChannelHandler answering, HttpRequest request) {
    ChannelPipeline pipeline = ctx.pipeline();
    WebSocketEchoHandler echo = new WebSocketEchoHandler(new Handshaker(), answered);
    ChannelHandler compression = new WebSocketServerCompressionHandler(LARGEST_INFLATED);
    String name = ctx.name();
    pipeline.addBefore(name, "compression", compression);
    pipeline.addBefore(name, "reserved bits", new ReservedBitsHandler());
    pipeline.addBefore(name, "utf-8", new Utf8FrameValidator());
    ChannelHandlerContext before = pipeline.context(compression);
    pipeline.replace(answering, "websocket echo", echo);
    switchBoundary(pipeline);
    SpokenProtocol.set(ctx.channel(), "websocket");
    receive(before, request);
  }

  private static void switchBoundary(ChannelPipeline pipeline) {
    if (pipeline.get(Protocol.BOUNDARY) != null) {
      pipeline.replace(
          Protocol.BOUNDARY,
          Protocol.BOUNDARY,
          RequestBoundary.messages(WebSocketUpgrade::beginsMessage, WebSocketUpgrade::endsMessage));
    }
  }

  private static boolean beginsMessage(Object message) {
    return message instanceof TextWebSocketFrame
        || message instanceof BinaryWebSocketFrame
        || message instanceof PingWebSocketFrame;
  }

  private static boolean endsMessage(Object message) {
    boolean isData =
        message instanceof TextWebSocketFrame
            || message instanceof BinaryWebSocketFrame
            || message instanceof ContinuationWebSocketFrame;
    return message instanceof PongWebSocketFrame
        || (isData && ((WebSocketFrame) message).isFinalFragment());
  }

  /** The handler of the extensions reads the handshake, and may answer it. */
  private static void receive(ChannelHandlerContext compression, HttpRequest request) {
    ReferenceCountUtil.retain(request);
    try {
      ((WebSocketServerCompressionHandler) compression.handler()).channelRead(compression, request);
    } catch (Exception e) {
      compression.fireExceptionCaught(e);
    }
  }

  /** Netty's, with a decoder that knows how much of a message has arrived. */
  private static final class Handshaker extends WebSocketServerHandshaker13 {
    Handshaker() {
      super(
          RequestTarget.WEB_SOCKET_PATH,
          null,
          WebSocketDecoderConfig.newBuilder()
              .allowExtensions(true)
              .maxFramePayloadLength(Protocol.LARGEST_PAYLOAD)
              .build());
    }

    @Override
    protected WebSocketFrameDecoder newWebsocketDecoder() {
      return new FrameDecoder(decoderConfig());
    }
  }
}
