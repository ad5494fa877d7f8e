package dev.tidepool.echo.protocol.http;

import dev.tidepool.echo.figures.Failures;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.util.ReferenceCountUtil;
import java.util.function.LongConsumer;
import java.util.zip.DataFormatException;

/**
 * Answers the handshake, then echoes each message of a WebSocket fragment by fragment, answers
 * pings, and ends the connection by the closing handshake.
 */
final class WebSocketEchoHandler extends ChannelInboundHandlerAdapter {
  private final WebSocketServerHandshaker handshaker;
  private final LongConsumer answered;

  // Of the current message.
  private boolean isText;
  private boolean begun;
  private long echoed;

  /** Whether nothing more is answered: after a close frame, or a bad one. */
  private boolean done;

  WebSocketEchoHandler(WebSocketServerHandshaker handshaker, LongConsumer answered) {
    this.handshaker = handshaker;
    this.answered = answered;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (done) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof WebSocketFrame frame) {
      receive(ctx, frame);
    } else if (message instanceof HttpRequest request) {
      handshake(ctx, request);
    } else {
      ReferenceCountUtil.release(message);
      throw new CorruptedFrameException(
          "input before the WebSocket handshake was answered, expected none");
    }
  }

  private void handshake(ChannelHandlerContext ctx, HttpRequest request) {
    try {
      handshaker
          .handshake(ctx, request, null, ctx.newPromise())
          .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    } finally {
      ReferenceCountUtil.release(request);
    }
  }

  // Frames

  private void receive(ChannelHandlerContext ctx, WebSocketFrame frame) {
    if (frame instanceof PingWebSocketFrame) {
      ctx.write(new PongWebSocketFrame(frame.content()), ctx.voidPromise());
    } else if (frame instanceof CloseWebSocketFrame close) {
      done = true;
      handshaker.close(ctx, close);
    } else if (frame instanceof PongWebSocketFrame) {
      frame.release(); // nobody asked
    } else {
      echo(ctx, frame);
    }
  }

  private void echo(ChannelHandlerContext ctx, WebSocketFrame frame) {
    if (!(frame instanceof ContinuationWebSocketFrame)) {
      isText = frame instanceof TextWebSocketFrame;
      begun = false;
      echoed = 0;
    }
    boolean isFinal = frame.isFinalFragment();
    echoed += frame.content().readableBytes();
    if (isFinal || frame.content().isReadable()) {
      write(ctx, isFinal, frame.content());
    } else {
      frame.release(); // the encoder of permessage-deflate refuses an empty one
    }
    if (isFinal) {
      answered.accept(echoed);
    }
  }

  private void write(ChannelHandlerContext ctx, boolean isFinal, ByteBuf content) {
    WebSocketFrame echo;
    if (begun) {
      echo = new ContinuationWebSocketFrame(isFinal, 0, content);
    } else if (isText) {
      echo = new TextWebSocketFrame(isFinal, 0, content);
    } else {
      echo = new BinaryWebSocketFrame(isFinal, 0, content);
    }
    begun = true;
    // A write that fails arrives in exceptionCaught: that is what the void promise is for.
    ctx.write(echo, ctx.voidPromise());
  }

  // Bad ones

  /** A decoder that refuses a frame has sent the close frame itself, that of the extension not. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (done) {
      ctx.fireExceptionCaught(cause);
      return;
    }
    done = true;
    if (cause instanceof CorruptedWebSocketFrameException bad) {
      ctx.fireExceptionCaught(new BadFrameException(bad.closeStatus(), Failures.reason(bad)));
    } else if (isOfTheExtension(cause)) {
      refuseCompressed(ctx, cause);
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }

  private static boolean isOfTheExtension(Throwable cause) {
    Throwable root = rootOf(cause);
    return root instanceof DecompressionException
        || root instanceof DataFormatException
        || root.getClass() == CodecException.class;
  }

  private static void refuseCompressed(ChannelHandlerContext ctx, Throwable cause) {
    boolean isDecompression = rootOf(cause) instanceof DecompressionException;
    WebSocketCloseStatus status =
        isDecompression
            ? WebSocketCloseStatus.MESSAGE_TOO_BIG
            : WebSocketCloseStatus.INVALID_PAYLOAD_DATA;
    ctx.write(new CloseWebSocketFrame(status, status.reasonText()), ctx.voidPromise());
    ctx.fireExceptionCaught(
        new BadFrameException(status, "permessage-deflate: " + Failures.reason(cause)));
  }

  private static Throwable rootOf(Throwable cause) {
    Throwable inner = cause;
    while (inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }
}
