package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.ProtocolClient;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection that sends requests and reads a few bytes of their answers now and then. */
final class SlowConnection extends ChannelInboundHandlerAdapter {
  private static final int BYTES = 4096;
  private static final long EVERY_MILLIS = 50;

  private final RequestPlan plan;
  private final ProtocolClient client;
  private @Nullable Future<?> reading;
  private long sent;

  SlowConnection(RequestPlan plan, ProtocolClient client) {
    this.plan = plan;
    this.client = client;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ProtocolClient.READY) {
      ChannelConfig config = ctx.channel().config();
      config.setRecvByteBufAllocator(new FixedRecvByteBufAllocator(BYTES).maxMessagesPerRead(1));
      config.setAutoRead(false);
      reading =
          ctx.executor()
              .scheduleAtFixedRate(
                  ctx.channel()::read, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
      send(ctx);
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (reading != null) {
      send(ctx);
    }
  }

  private void send(ChannelHandlerContext ctx) {
    while (ctx.channel().isWritable()) {
      for (Object message : client.encode(plan.request(sent++), ctx.alloc())) {
        ctx.write(message);
      }
      ctx.flush();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (reading != null) {
      reading.cancel(false);
    }
  }

  /** A server may well close it: that is the server's right, and no failure of the load. */
  @Override
  @SuppressWarnings("deprecation") // inbound, and not deprecated there
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
