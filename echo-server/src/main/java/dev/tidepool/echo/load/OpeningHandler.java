package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.ProtocolClient;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The handler behind a load connection's codec that waits until the connection is ready for
 * requests, tells that it is open or has failed, and leaves the pipeline. Those behind it are told
 * by {@link ProtocolClient#READY}, whether the protocol has a handshake or not.
 */
final class OpeningHandler extends ChannelInboundHandlerAdapter {
  private final OpeningListener listener;
  private final boolean awaitsHandshake;
  private final Duration timeout;
  private @Nullable Future<?> timeoutCheck;

  OpeningHandler(OpeningListener listener, boolean awaitsHandshake, Duration timeout) {
    this.listener = listener;
    this.awaitsHandshake = awaitsHandshake;
    this.timeout = timeout;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.fireChannelActive();
    if (awaitsHandshake) {
      timeoutCheck =
          ctx.executor().schedule(() -> timedOut(ctx), timeout.toNanos(), TimeUnit.NANOSECONDS);
    } else {
      ready(ctx);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
    String kind = message.getClass().getSimpleName();
    fail(ctx, new IOException("received a " + kind + ", expected the end of the handshake"));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ProtocolClient.READY) {
      ready(ctx);
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  private void ready(ChannelHandlerContext ctx) {
    listener.opened();
    ctx.fireUserEventTriggered(ProtocolClient.READY);
    ctx.pipeline().remove(this);
  }

  private void timedOut(ChannelHandlerContext ctx) {
    fail(ctx, new IOException("no handshake within " + timeout.toMillis() + " ms"));
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(ctx, new IOException("the server closed the connection before it was ready"));
    ctx.fireChannelInactive();
  }

  @Override
  @SuppressWarnings("deprecation") // inbound, and not deprecated there
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx, cause);
  }

  private void fail(ChannelHandlerContext ctx, Throwable cause) {
    listener.failed(cause);
    ctx.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (timeoutCheck != null) {
      timeoutCheck.cancel(false);
    }
  }
}
