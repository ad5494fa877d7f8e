package dev.tidepool.allocator;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultChannelPromise;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.concurrent.RejectedExecutionException;

/**
 * The promise of a write that ends a response and came with the void promise: a listener on it, as
 * {@code unvoid()} makes one possible, would take two promises' worth of objects for each request.
 *
 * <p>Like the void promise it fires a failure through the pipeline. Any thread may complete it;
 * what it does then runs on the event loop, at once where that completes it.
 */
final class EndPromise extends DefaultChannelPromise {
  private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(EndPromise.class);

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

  /**
   * A failure is told by a task of its own: an application may answer it with a write that fails
   * too, at once, and so on.
   */
  private boolean completed() {
    if (isSuccess() && ctx.executor().inEventLoop()) {
      end();
    } else {
      tellLater();
    }
    return true;
  }

  private void tellLater() {
    try {
      ctx.executor().execute(this::tell);
    } catch (RejectedExecutionException e) {
      // The loop has ended, and with it the connection.
    }
  }

  private void tell() {
    Throwable cause = cause();
    Channel channel = ctx.channel();
    if (cause != null && channel.isRegistered()) {
      channel.pipeline().fireExceptionCaught(cause);
    }
    end();
  }

  /** What a completion throws would close the channel, without a word. */
  private void end() {
    try {
      ended.run();
    } catch (Throwable e) {
      LOGGER.warn("the end of a response on {} failed", ctx.channel(), e);
    }
  }
}
