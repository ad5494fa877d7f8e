package dev.tidepool.echo.live.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The handler that closes a connection which does not get on: one whose request is not whole, or
 * whose response is not taken, in time. What arrives in drops (slowloris) gains no time by that.
 */
final class Deadline extends ChannelInboundHandlerAdapter {
  /** How long the first request may take. */
  static final Duration FIRST = Duration.ofSeconds(10);

  /** How long the next request may take, from the response before it on. */
  static final Duration NEXT = Duration.ofSeconds(60);

  /** How long a response may take to be made, and taken. */
  static final Duration RESPONSE = Duration.ofSeconds(30);

  private final Duration first;
  private @Nullable Future<?> end;

  Deadline(Duration first) {
    this.first = first;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    restart(ctx, first);
    ctx.fireChannelActive();
  }

  /** From now on the next step may take {@code time}. */
  void restart(ChannelHandlerContext ctx, Duration time) {
    cancel();
    end = ctx.executor().schedule(() -> close(ctx), time.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static void close(ChannelHandlerContext ctx) {
    ctx.close();
  }

  private void cancel() {
    if (end != null) {
      end.cancel(false);
      end = null;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    cancel();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    cancel();
  }
}
