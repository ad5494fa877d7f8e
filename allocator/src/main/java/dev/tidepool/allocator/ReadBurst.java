package dev.tidepool.allocator;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The boundary of a channel without a codec: a burst of reads, and the writes that answer it.
 *
 * <pre>
 *   over == not reading, and nothing is in the channel's outbound buffer
 * </pre>
 *
 * <p>Event loop only.
 */
abstract class ReadBurst implements ChannelFutureListener, Runnable {
  private static final long RECHECK_MILLIS = 10;

  /** True from the first message of a burst to its read-complete. */
  private boolean reading;

  private @Nullable ChannelPromise lastWrite;
  private @Nullable ChannelPromise awaited;

  /** Set once a void promise was pending: then each write gets one that takes listeners. */
  private boolean unvoids;

  private boolean looksAgain;

  /** Checks again whether the burst is over. */
  @Override
  public abstract void run();

  void begin() {
    reading = true;
  }

  boolean isReading() {
    return reading;
  }

  void complete() {
    reading = false;
  }

  /** Notes a write, and returns the promise to pass on. */
  ChannelPromise writing(ChannelPromise promise) {
    ChannelPromise written = unvoids ? promise.unvoid() : promise;
    lastWrite = written;
    return written;
  }

  /**
   * Whether the burst is over. If writes are pending, {@link #run} is called when they are
   * complete.
   */
  boolean isOver(Channel channel) {
    if (reading) {
      return false;
    }
    if (!isFlushed(channel.unsafe().outboundBuffer())) {
      awaitWrites(channel);
      return false;
    }
    lastWrite = null;
    awaited = null;
    return true;
  }

  /**
   * @param outbound null once the channel has closed
   */
  private static boolean isFlushed(@Nullable ChannelOutboundBuffer outbound) {
    return outbound == null || (outbound.isEmpty() && outbound.totalPendingWriteBytes() == 0);
  }

  private void awaitWrites(Channel channel) {
    ChannelPromise last = lastWrite;
    if (last == null || last.isVoid() || last.isDone()) { // done before others: it failed early
      unvoids = true;
      lookAgainLater(channel);
    } else if (last != awaited) {
      awaited = last;
      last.addListener(this);
    }
  }

  /** Polls, where there is no promise to listen to. */
  private void lookAgainLater(Channel channel) {
    if (!looksAgain) {
      looksAgain = true;
      channel.eventLoop().schedule(() -> lookAgain(channel), RECHECK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** The channel may have moved to another event loop meanwhile. */
  private void lookAgain(Channel channel) {
    EventLoop loop = channel.eventLoop();
    if (loop.inEventLoop()) {
      looksAgain = false;
      run();
    } else {
      loop.execute(() -> lookAgain(channel));
    }
  }

  /** Checks by a task: the outbound buffer completes the promise before it drops the write. */
  @Override
  public void operationComplete(ChannelFuture future) {
    try {
      future.channel().eventLoop().execute(this);
    } catch (RejectedExecutionException e) {
      return; // the event loop ends, and with it the channel
    }
  }
}
