package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.ProtocolClient;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The handler that reads slowly from the time on at which the connection is ready: a few bytes now
 * and then. Event loop only.
 */
final class ReadThrottle extends ChannelInboundHandlerAdapter {
  private static final long READS_PER_SECOND = 20;

  private final int bytesPerSecond;
  private @Nullable Future<?> reading;
  private @Nullable RecvByteBufAllocator before;

  ReadThrottle(int bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ProtocolClient.READY) {
      begin(ctx);
    }
    ctx.fireUserEventTriggered(event);
  }

  private void begin(ChannelHandlerContext ctx) {
    long reads = Math.min(READS_PER_SECOND, bytesPerSecond);
    int bytes = (int) (bytesPerSecond / reads);
    long period = TimeUnit.SECONDS.toNanos(1) / reads;
    before = ctx.channel().config().getRecvByteBufAllocator();
    ctx.channel()
        .config()
        .setAutoRead(false)
        .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(bytes).maxMessagesPerRead(1));
    reading =
        ctx.executor()
            .scheduleAtFixedRate(ctx.channel()::read, period, period, TimeUnit.NANOSECONDS);
  }

  /** Reads what there is from now on. */
  void release(ChannelHandlerContext ctx) {
    stop();
    if (before != null) {
      ctx.channel().config().setRecvByteBufAllocator(before).setAutoRead(true);
    }
  }

  private void stop() {
    if (reading != null) {
      reading.cancel(false);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stop();
  }
}
