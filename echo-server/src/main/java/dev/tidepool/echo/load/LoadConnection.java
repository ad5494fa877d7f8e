package dev.tidepool.echo.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a load: keeps its pipeline of requests full and checks what comes back. All
 * fields belong to the event loop.
 */
final class LoadConnection extends SimpleChannelInboundHandler<ByteBuf> {
  /** Starts a connection, fired through its pipeline once all are connected. */
  static final Object START = new Object();

  private final int number;
  private final RequestPlan plan;
  private final EchoChecker checker;
  private final LoadTally tally;
  private final long quota;
  private final Duration requestTimeout;

  /** When each request under way was sent, by its sequence modulo the length. */
  private final long[] sentNanos;

  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private @Nullable Future<?> timeoutCheck;
  private long sent;
  private long answered;

  LoadConnection(int number, LoadSettings settings, LoadTally tally) {
    this.number = number;
    this.plan = settings.plan(number);
    this.checker = new EchoChecker(plan);
    this.tally = tally;
    this.quota = settings.quota(number);
    this.requestTimeout = settings.requestTimeout();
    this.sentNanos = new long[settings.pipeline()];
  }

  /** Done when nothing more is to be sent and all is answered, or when the connection failed. */
  CompletableFuture<Void> finished() {
    return finished;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == START) {
      long period = Math.max(1, requestTimeout.toMillis() / 4);
      timeoutCheck =
          ctx.executor()
              .scheduleAtFixedRate(() -> checkTimeout(ctx), period, period, TimeUnit.MILLISECONDS);
      proceed(ctx);
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, ByteBuf echo)
      throws EchoMismatchException {
    while (echo.isReadable() && !finished.isDone()) {
      if (answered == sent) {
        throw new EchoMismatchException(
            echo.readableBytes() + " bytes came back that were not sent", echo.readableBytes());
      }
      int before = echo.readableBytes();
      boolean complete = checker.check(echo);
      tally.verified(before - echo.readableBytes());
      if (complete) {
        tally.answered(System.nanoTime() - sentNanos[slot(answered)]);
        answered++;
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    proceed(ctx);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    proceed(ctx);
  }

  private void proceed(ChannelHandlerContext ctx) {
    if (timeoutCheck == null || finished.isDone()) {
      return;
    }
    while (maySend() && ctx.channel().isWritable()) {
      send(ctx);
    }
    ctx.flush();
    if (answered == sent && !maySend()) {
      finish();
    }
  }

  private boolean maySend() {
    return sent < quota && sent - answered < sentNanos.length && !tally.stopping();
  }

  private void send(ChannelHandlerContext ctx) {
    Request request = plan.request(sent);
    ByteBuf out = ctx.alloc().directBuffer(request.wireBytes());
    request.writeTo(out);
    sentNanos[slot(sent)] = System.nanoTime();
    sent++;
    // A write that fails arrives in exceptionCaught: that is what the void promise is for.
    var unused = ctx.write(out, ctx.voidPromise());
  }

  private int slot(long sequence) {
    return (int) (sequence % sentNanos.length);
  }

  private void checkTimeout(ChannelHandlerContext ctx) {
    boolean waiting = sent > answered;
    if (waiting && System.nanoTime() - sentNanos[slot(answered)] > requestTimeout.toNanos()) {
      fail(
          ctx,
          new IOException(
              "no echo of request " + answered + " within " + requestTimeout.toMillis() + " ms"));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(
        ctx,
        new IOException(
            "the server closed the connection with " + (sent - answered) + " requests unanswered"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx, cause);
  }

  private void fail(ChannelHandlerContext ctx, Throwable cause) {
    if (!finished.isDone()) {
      tally.failed(number, cause);
      finish();
      var unused = ctx.close();
    }
  }

  private void finish() {
    if (timeoutCheck != null) {
      timeoutCheck.cancel(false);
    }
    finished.complete(null);
  }
}
