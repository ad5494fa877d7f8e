package dev.tidepool.frameworks.http;

import dev.tidepool.frameworks.Content;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * The handler that answers a POST with its content, as it arrives, and a GET of {@code
 * /<seed>/<chunks>} with content of its own, as fast as the client reads.
 */
final class EchoServer extends ChannelInboundHandlerAdapter {
  static final int CHUNK = 10_000;

  private Content content = Content.expected(0);
  private long end;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest request) {
      respond(ctx, request);
    }
    if (message instanceof HttpContent part && end == 0) {
      ctx.writeAndFlush(part);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void respond(ChannelHandlerContext ctx, HttpRequest request) {
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    ctx.write(response);
    if (request.method().equals(HttpMethod.GET)) {
      String[] path = request.uri().split("/", -1);
      content = Content.expected(Integer.parseInt(path[1]));
      end = Long.parseLong(path[2]) * CHUNK;
      writeContent(ctx);
    }
  }

  private void writeContent(ChannelHandlerContext ctx) {
    while (end > 0 && ctx.channel().isWritable()) {
      ByteBuf chunk = ctx.alloc().buffer(CHUNK).writeBytes(content.next(CHUNK));
      ctx.writeAndFlush(new DefaultHttpContent(chunk))
          .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
      if (content.position() == end) {
        end = 0;
        ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
      }
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    writeContent(ctx);
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end = 0;
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
