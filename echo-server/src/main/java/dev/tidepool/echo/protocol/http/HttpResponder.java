package dev.tidepool.echo.protocol.http;

import dev.tidepool.echo.protocol.http2.PrefaceDetector;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Supplier;

/**
 * The handler in front of the one that answers, which replaces that if the connection speaks
 * HTTP/2. It leaves when the first message shows what is spoken.
 */
final class HttpResponder extends ChannelInboundHandlerAdapter {
  private final ChannelHandler http1;
  private final Supplier<ChannelHandler> http2;

  HttpResponder(ChannelHandler http1, Supplier<ChannelHandler> http2) {
    this.http1 = http1;
    this.http2 = http2;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.pipeline().addAfter(ctx.name(), "http1 echo", http1);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == PrefaceDetector.HTTP_2) {
      ctx.pipeline().replace(http1, "http2 streams", http2.get());
      ctx.pipeline().remove(this);
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ctx.fireChannelRead(message);
    if (!ctx.isRemoved()) {
      ctx.pipeline().remove(this);
    }
  }
}
