package dev.tidepool.allocator;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;

/**
 * The rule that a stream which waits, for input or for its next write, holds no block without
 * living buffers, although its request is open. Event loop only.
 */
final class IdleStream implements ChannelFutureListener {
  private final ConnectionArena arena;

  IdleStream(ConnectionArena arena) {
    this.arena = arena;
  }

  /** Notes a write, and returns the promise to pass on. */
  ChannelPromise writing(ChannelPromise promise) {
    return promise.unvoid().addListener(this);
  }

  /** The stream has read what there is. */
  void waits() {
    arena.giveBackEmpty();
  }

  /** The promise may belong to a handler with an executor of its own, and notify there. */
  @Override
  public void operationComplete(ChannelFuture written) {
    if (arena.executor().inEventLoop()) {
      arena.giveBackEmpty();
    }
  }
}
