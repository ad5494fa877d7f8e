package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.ProtocolClient;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A greedy connection that does read a few bytes of its answers now and then. */
final class SlowConnection extends GreedyConnection {
  private static final int BYTES = 4096;
  private static final long EVERY_MILLIS = 50;

  private @Nullable Future<?> reading;

  SlowConnection(RequestPlan plan, ProtocolClient client) {
    super(plan, client);
  }

  @Override
  void begin(ChannelHandlerContext ctx) {
    ctx.channel()
        .config()
        .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(BYTES).maxMessagesPerRead(1));
    reading =
        ctx.executor()
            .scheduleAtFixedRate(
                ctx.channel()::read, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
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
}
