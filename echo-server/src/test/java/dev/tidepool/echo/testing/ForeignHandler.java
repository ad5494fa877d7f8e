package dev.tidepool.echo.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.CharsetUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers each path of a {@link ForeignServer} in its own way. */
final class ForeignHandler extends SimpleChannelInboundHandler<Object> {
  private static final String HELLO = "hello";

  /** Requests of a connection that are answered before it is closed. */
  private static final int FEW = 5;

  private final AtomicInteger requests;

  /**
   * @param requests of the connection, so far
   */
  ForeignHandler(AtomicInteger requests) {
    this.requests = requests;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, Object message) {
    if (message instanceof WebSocketFrame frame) {
      ctx.writeAndFlush(frame.retain());
    } else {
      answer(ctx, (FullHttpRequest) message, requests.incrementAndGet());
    }
  }

  private static void answer(ChannelHandlerContext ctx, FullHttpRequest request, int number) {
    switch (request.uri()) {
      case "/fixed" -> write(ctx, request, response(HttpResponseStatus.OK, hello()));
      case "/method" -> write(ctx, request, response(HttpResponseStatus.OK, described(request)));
      case "/echo" -> write(ctx, request, response(HttpResponseStatus.OK, body(request)));
      case "/flipping" -> write(ctx, request, response(HttpResponseStatus.OK, flipped(request)));
      case "/growing" -> write(ctx, request, response(HttpResponseStatus.OK, letters(number)));
      case "/none" -> write(ctx, request, response(HttpResponseStatus.NO_CONTENT, empty()));
      case "/moved" -> write(ctx, request, response(HttpResponseStatus.FOUND, empty()));
      case "/interim" -> interim(ctx, request);
      case "/chunked" -> chunked(ctx);
      case "/few" -> few(ctx, request, number);
      case "/old" -> last(ctx, number, "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello");
      case "/endless" -> last(ctx, number, "HTTP/1.1 200 OK\r\n\r\nhello");
      case "/closing" -> twiceThen(ctx, request, number, ctx::close);
      case "/nonsense" -> twiceThen(ctx, request, number, () -> writeRaw(ctx, "nonsense\r\n\r\n"));
      case "/failing" ->
          write(ctx, request, response(HttpResponseStatus.SERVICE_UNAVAILABLE, hello()));
      default -> write(ctx, request, response(HttpResponseStatus.NOT_FOUND, hello()));
    }
  }

  // Bodies

  private static ByteBuf empty() {
    return Unpooled.EMPTY_BUFFER;
  }

  private static ByteBuf hello() {
    return Unpooled.copiedBuffer(HELLO, CharsetUtil.US_ASCII);
  }

  private static ByteBuf letters(int count) {
    return Unpooled.copiedBuffer("x".repeat(count), CharsetUtil.US_ASCII);
  }

  private static ByteBuf body(FullHttpRequest request) {
    return request.content().retain();
  }

  private static ByteBuf flipped(FullHttpRequest request) {
    ByteBuf body = request.content().copy();
    int last = body.writerIndex() - 1;
    return body.setByte(last, body.getByte(last) ^ 1);
  }

  /** Says what the server was asked for. */
  private static ByteBuf described(FullHttpRequest request) {
    String text =
        request.method()
            + " "
            + request.headers().get(HttpHeaderNames.HOST)
            + " "
            + request.headers().get("x-own");
    return Unpooled.copiedBuffer(text, CharsetUtil.US_ASCII);
  }

  // Responses

  private static FullHttpResponse response(HttpResponseStatus status, ByteBuf body) {
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
    if (!status.equals(HttpResponseStatus.NO_CONTENT)) {
      HttpUtil.setContentLength(response, body.readableBytes());
    }
    return response;
  }

  private static ChannelFuture write(
      ChannelHandlerContext ctx, FullHttpRequest request, FullHttpResponse response) {
    if (request.method().equals(HttpMethod.HEAD)) {
      response.content().clear();
    }
    return ctx.writeAndFlush(response);
  }

  private static void interim(ChannelHandlerContext ctx, FullHttpRequest request) {
    ctx.write(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(103), Unpooled.EMPTY_BUFFER));
    write(ctx, request, response(HttpResponseStatus.OK, hello()));
  }

  private static void chunked(ChannelHandlerContext ctx) {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    HttpUtil.setTransferEncodingChunked(head, true);
    ctx.write(head);
    ctx.write(new DefaultHttpContent(letters(3)));
    ctx.writeAndFlush(new DefaultHttpContent(letters(4)));
    ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  // Ends of connections

  /** Answers two requests, and does worse with the third. */
  private static void twiceThen(
      ChannelHandlerContext ctx, FullHttpRequest request, int number, Runnable third) {
    if (number < 3) {
      write(ctx, request, response(HttpResponseStatus.OK, hello()));
    } else {
      third.run();
    }
  }

  private static void few(ChannelHandlerContext ctx, FullHttpRequest request, int number) {
    if (ctx.channel() instanceof Http2StreamChannel stream) {
      if (number == FEW) {
        stream.parent().writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
      }
      write(ctx, request, response(HttpResponseStatus.OK, hello()));
    } else if (number < FEW) {
      write(ctx, request, response(HttpResponseStatus.OK, hello()));
    } else if (number == FEW) {
      FullHttpResponse last = response(HttpResponseStatus.OK, hello());
      last.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      write(ctx, request, last).addListener(ForeignHandler::endOutput);
    }
  }

  /** The one answer of a connection. */
  private static void last(ChannelHandlerContext ctx, int number, String answer) {
    if (number == 1) {
      writeRaw(ctx, answer).addListener(ForeignHandler::endOutput);
    }
  }

  /** Leaves the input open: a connection that is closed before it is read is reset. */
  private static void endOutput(Future<?> written) {
    ((SocketChannel) ((ChannelFuture) written).channel()).shutdownOutput();
  }

  /** In front of the codec. */
  private static ChannelFuture writeRaw(ChannelHandlerContext ctx, String text) {
    return ctx.pipeline()
        .firstContext()
        .writeAndFlush(Unpooled.copiedBuffer(text, CharsetUtil.US_ASCII));
  }

  @Override
  @SuppressWarnings("deprecation") // inbound, and not deprecated there
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
