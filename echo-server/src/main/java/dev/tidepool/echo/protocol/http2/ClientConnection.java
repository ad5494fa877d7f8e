package dev.tidepool.echo.protocol.http2;

import dev.tidepool.echo.protocol.ProtocolClient;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.StreamBufferingEncoder.Http2GoAwayException;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/**
 * The load's side of a connection: its codec and, behind it, the handler that opens the windows by
 * what was verified, makes the channel unwritable while too much waits for the server's windows,
 * and passes on nothing but parts of answers, and which streams the server leaves without one.
 */
final class ClientConnection extends Http2ChannelDuplexHandler {
  /** Bytes that wait for a window, above which the channel is not writable. */
  private static final int HIGH_WATER = 1 << 20;

  /** What a request takes beside its payload. */
  private static final int HEAD = 64;

  private static final int WRITABILITY = 1;

  private final Http2FrameCodec codec = Codecs.client();
  private boolean ready;
  private boolean ending;
  private long waiting;

  void addTo(ChannelPipeline pipeline) {
    pipeline.addLast(codec, this);
  }

  // Outbound

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    int bytes = HEAD;
    if (message instanceof Http2DataFrame data) {
      bytes += data.content().readableBytes();
    }
    int counted = bytes;
    count(ctx, counted);
    ChannelPromise told = promise.unvoid();
    ctx.write(message)
        .addListener(
            written -> {
              count(ctx, -counted);
              if (written.isSuccess() || isLeftAside(written.cause())) {
                told.trySuccess();
              } else {
                told.tryFailure(written.cause());
              }
            });
  }

  /**
   * A server that ends the connection in order takes no more of the streams it does not process.
   */
  private boolean isLeftAside(Throwable cause) {
    return ending
        && cause instanceof Http2Exception found
        && (found instanceof Http2GoAwayException || Http2Exception.isStreamError(found));
  }

  private void count(ChannelHandlerContext ctx, int bytes) {
    waiting += bytes;
    ChannelOutboundBuffer outbound = ctx.channel().unsafe().outboundBuffer();
    if (outbound != null) { // null: closed
      outbound.setUserDefinedWritability(WRITABILITY, waiting < HIGH_WATER);
    }
  }

  // Inbound

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof Http2DataFrame data) {
      read(ctx, data);
    } else if (message instanceof Http2HeadersFrame || endsInOrder(message)) {
      ctx.fireChannelRead(message);
    } else {
      control(ctx, message);
      ReferenceCountUtil.release(message);
    }
  }

  private static void read(ChannelHandlerContext ctx, Http2DataFrame data) {
    int bytes = data.initialFlowControlledBytes();
    Http2FrameStream stream = data.stream();
    ctx.fireChannelRead(data);
    if (bytes > 0) {
      ctx.write(new DefaultHttp2WindowUpdateFrame(bytes).stream(stream));
    }
  }

  /** Whether it ends a stream, or the connection behind those under way, without an error. */
  private boolean endsInOrder(Object frame) {
    if (frame instanceof Http2GoAwayFrame goAway) {
      ending |= isInOrder(goAway.errorCode());
      return isInOrder(goAway.errorCode());
    }
    return frame instanceof Http2ResetFrame reset && isInOrder(reset.errorCode());
  }

  private static boolean isInOrder(long code) {
    return code == Http2Error.NO_ERROR.code();
  }

  private void control(ChannelHandlerContext ctx, Object frame) {
    if (frame instanceof Http2SettingsFrame && !ready) {
      ready = true;
      ctx.fireUserEventTriggered(ProtocolClient.READY);
    } else if (frame instanceof Http2ResetFrame reset) {
      fail(ctx, "reset stream " + reset.stream().id(), reset.errorCode(), "");
    } else if (frame instanceof Http2GoAwayFrame goAway) {
      String reason = ": " + goAway.content().toString(StandardCharsets.UTF_8);
      fail(ctx, "ended the connection", goAway.errorCode(), reason);
    }
  }

  private static void fail(ChannelHandlerContext ctx, String what, long code, String reason) {
    Http2Error error = Http2Error.valueOf(code);
    String text = "the server " + what + " with " + error + reason;
    ctx.fireExceptionCaught(
        new Http2Exception(error == null ? Http2Error.PROTOCOL_ERROR : error, text));
  }
}
