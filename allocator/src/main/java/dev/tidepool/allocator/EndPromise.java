package dev.tidepool.allocator;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultChannelPromise;
import io.netty.util.concurrent.EventExecutor;

/**
 * The promise of a write that ends a response and came with the void promise: a listener on it, as
 * {@code unvoid()} makes one possible, would take two promises' worth of objects for each request.
 *
 * <p>Like the void promise it fires a failure through the pipeline. Any thread may complete it;
 * what it does then runs on the event loop, at once where that completes it.
 */
final class EndPromise extends DefaultChannelPromise {
  private final ChannelHandlerContext ctx;
  private final Runnable ended;

  /**
   * @param ctx of the handler whose write it is
   * @param ended runs on the event loop when the write has succeeded or failed
   */
  EndPromise(ChannelHandlerContext ctx, Runnable ended) {
    super(ctx.channel(), ctx.executor());
    this.ctx = ctx;
    this.ended = ended;
  }

  @Override
  public EndPromise setSuccess(Void result) {
    super.setSuccess(null);
    completed();
    return this;
  }

  @Override
  public boolean trySuccess(Void result) {
    return super.trySuccess(null) && completed();
  }

  @Override
  public EndPromise setFailure(Throwable cause) {
    super.setFailure(cause);
    completed();
    return this;
  }

  @Override
  public boolean tryFailure(Throwable cause) {
    return super.tryFailure(cause) && completed();
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return super.cancel(mayInterruptIfRunning) && completed();
  }

  private boolean completed() {
    EventExecutor loop = ctx.executor();
    if (loop.inEventLoop()) {
      tell();
    } else {
      loop.execute(this::tell);
    }
    return true;
  }

  private void tell() {
    Throwable cause = cause();
    Channel channel = ctx.channel();
    if (cause != null && channel.isRegistered()) {
      channel.pipeline().fireExceptionCaught(cause);
    }
    ended.run();
  }
}
