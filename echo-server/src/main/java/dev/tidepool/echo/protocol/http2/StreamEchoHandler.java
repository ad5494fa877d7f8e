package dev.tidepool.echo.protocol.http2;

import dev.tidepool.echo.protocol.RequestFault;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.function.LongConsumer;

/**
 * Answers the request of one stream. What is posted is echoed as it arrives, without a copy, and
 * the client's window grows by what was written: what the client does not read it cannot send.
 */
final class StreamEchoHandler extends ChannelInboundHandlerAdapter {
  private final LongConsumer answered;
  private boolean begun;
  private boolean echoing;
  private long echoed;

  StreamEchoHandler(LongConsumer answered) {
    this.answered = answered;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof Http2DataFrame data) {
      receive(ctx, data);
    } else if (message instanceof Http2HeadersFrame trailers && begun) {
      endWithTrailers(ctx, trailers);
    } else if (message instanceof Http2HeadersFrame head) {
      begun = true;
      begin(ctx, head);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(ChannelHandlerContext ctx, Http2HeadersFrame head) {
    switch (String.valueOf(head.headers().method())) {
      case "POST", "PUT" -> beginEcho(ctx, head);
      case "GET" -> answerPage(ctx, ctx.alloc().buffer().writeBytes(Responses.page()));
      case "HEAD" -> answerAtOnce(ctx, Responses.pageHead());
      default -> answerAtOnce(ctx, Responses.notAllowed());
    }
  }

  private void beginEcho(ChannelHandlerContext ctx, Http2HeadersFrame head) {
    Http2Headers request = head.headers();
    if (request.contains(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE, true)) {
      Http2Headers toContinue = Responses.status(HttpResponseStatus.CONTINUE);
      ctx.write(new DefaultHttp2HeadersFrame(toContinue, false));
    }
    echoing = true;
    ctx.write(new DefaultHttp2HeadersFrame(Responses.echo(request), head.isEndStream()));
    if (head.isEndStream()) {
      answered.accept(0);
    }
  }

  private void answerPage(ChannelHandlerContext ctx, ByteBuf page) {
    int length = page.readableBytes();
    ctx.write(new DefaultHttp2HeadersFrame(Responses.pageHead(), false));
    ctx.write(new DefaultHttp2DataFrame(page, true));
    answered.accept(length);
  }

  private void answerAtOnce(ChannelHandlerContext ctx, Http2Headers head) {
    ctx.write(new DefaultHttp2HeadersFrame(head, true));
    answered.accept(0);
  }

  /** The body of any other request than an echo is not read. */
  private void receive(ChannelHandlerContext ctx, Http2DataFrame data) {
    int counted = data.initialFlowControlledBytes();
    if (echoing) {
      echo(ctx, data.content(), data.isEndStream(), counted);
    } else {
      boolean last = data.isEndStream();
      data.release();
      consumed(ctx, last ? 0 : counted);
    }
  }

  private void echo(ChannelHandlerContext ctx, ByteBuf part, boolean last, int counted) {
    echoed += part.readableBytes();
    // The codec itself gives back what a stream that is over has left.
    ctx.write(new DefaultHttp2DataFrame(part, last))
        .addListener(written -> consumed(ctx, last || !written.isSuccess() ? 0 : counted));
    if (last) {
      answered.accept(echoed);
    }
  }

  private void endWithTrailers(ChannelHandlerContext ctx, Http2HeadersFrame trailers) {
    if (echoing && trailers.isEndStream()) {
      ctx.write(new DefaultHttp2DataFrame(true));
      answered.accept(echoed);
    }
  }

  /** Opens the client's windows again. */
  private static void consumed(ChannelHandlerContext ctx, int bytes) {
    if (bytes > 0 && ctx.channel().isActive()) {
      ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame(bytes));
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.flush();
    ctx.fireChannelReadComplete();
  }

  /** An error of the stream ends the stream, any other the connection. */
  @Override
  @SuppressWarnings("deprecation") // inbound, and not deprecated there
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Channel connection = ctx.channel().parent();
    if (cause instanceof Http2Exception) {
      int id = ((Http2StreamChannel) ctx.channel()).stream().id();
      connection.pipeline().fireUserEventTriggered(new RequestFault("stream " + id, cause));
    } else {
      connection.pipeline().fireExceptionCaught(cause);
    }
  }
}
