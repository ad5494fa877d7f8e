package dev.tidepool.echo.load;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The handler at the socket that lets its connection read slowly: a few bytes now and then, however
 * much the handlers behind it ask for. Event loop only.
 */
final class ReadThrottle extends ChannelOutboundHandlerAdapter {
  private static final long READS_PER_SECOND = 20;
  private static final int USUAL_MESSAGES = 16;
  private static final int USUAL_BYTES = 64 << 10;

  private final int bytesPerSecond;
  private final ReadSize readSize = new ReadSize();
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> reading; // null: not throttled

  ReadThrottle(int bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** How much is read at once. A channel asks for its handle once, before its first read. */
  private static final class ReadSize extends DefaultMaxMessagesRecvByteBufAllocator {
    private int bytes = USUAL_BYTES;

    ReadSize() {
      super(USUAL_MESSAGES);
    }

    @Override
    @SuppressWarnings("deprecation") // the type of the method that is overridden
    public Handle newHandle() {
      return new MaxMessageHandle() {
        @Override
        public int guess() {
          return bytes;
        }
      };
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    ctx.channel().config().setRecvByteBufAllocator(readSize);
  }

  /** Reads slowly from now on. */
  void begin() {
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      long reads = Math.min(READS_PER_SECOND, bytesPerSecond);
      long period = TimeUnit.SECONDS.toNanos(1) / reads;
      readSize.bytes = (int) (bytesPerSecond / reads);
      readSize.maxMessagesPerRead(1);
      ctx.channel().config().setAutoRead(false);
      reading = ctx.executor().scheduleAtFixedRate(ctx::read, period, period, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (reading == null) {
      ctx.read();
    }
  }

  /** Reads what there is from now on. */
  void end() {
    stop();
    readSize.bytes = USUAL_BYTES;
    readSize.maxMessagesPerRead(USUAL_MESSAGES);
    if (context != null) {
      context.channel().config().setAutoRead(true);
    }
  }

  private void stop() {
    if (reading != null) {
      reading.cancel(false);
      reading = null;
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stop();
    context = null;
  }
}
