package dev.tidepool.echo.live.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.ReferenceCountUtil;

/**
 * The handler that refuses connections beyond a number, with a response that says so, and closes
 * without one those far beyond it. A connection is a file, and the server that is watched needs
 * those too. All on the page's one event loop.
 */
@Sharable
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
  private static final int REFUSALS_AT_ONCE = 100;

  private final int most;
  private int open;

  ConnectionLimit(int most) {
    this.most = most;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    open++;
    ctx.channel().closeFuture().addListener(closed -> open--);
    if (open > most + REFUSALS_AT_ONCE) {
      ctx.close();
    } else if (open > most) {
      refuse(ctx.channel());
    } else {
      ctx.fireChannelActive();
      ctx.pipeline().remove(this);
    }
  }

  private void refuse(Channel channel) {
    FullHttpResponse response =
        RefusedException.busy(
                "the page's server has " + most + " connections, which is its limit; try later")
            .reply()
            .toMessage(false);
    HttpUtil.setKeepAlive(response, false);
    channel.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  /** Of a connection that is refused: nobody is to answer it twice. */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
  }
}
