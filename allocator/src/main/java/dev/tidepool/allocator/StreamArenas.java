package dev.tidepool.allocator;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ServerChannel;
import org.jspecify.annotations.Nullable;

/** The arenas of streams: children of the arena that the stream's connection has. */
final class StreamArenas {
  private StreamArenas() {}

  /** Whether {@code channel} is a stream of a connection that has an arena. */
  static boolean isStream(Channel channel) {
    return parentOf(channel) != null;
  }

  /**
   * The arena for a registered channel: a child if it is a stream, else one of {@code allocator}.
   */
  static ConnectionArena open(ArenaByteBufAllocator allocator, Channel channel) {
    ConnectionArena parent = parentOf(channel);
    return parent == null || parent.executor() != channel.eventLoop()
        ? allocator.newConnectionArena(channel.eventLoop(), channel)
        : parent.newChild(channel);
  }

  /**
   * Notes a write in a stream, and returns the promise to pass on. The handler's flush has what is
   * written given back at its last release. Only what another thread allocated, in a lane, is given
   * back when the promise is complete: its release here is another thread's to the lane.
   */
  static ChannelPromise writing(ConnectionArena arena, ChannelPromise promise) {
    return arena.hasLanes() ? promise.unvoid().addListener(written -> giveBack(arena)) : promise;
  }

  /** The promise may belong to a handler with an executor of its own, and notify there. */
  private static void giveBack(ConnectionArena arena) {
    if (arena.executor().inEventLoop()) {
      arena.giveBackWhenEmpty();
    }
  }

  /** Null if the parent accepts connections, has no arena, or has closed. */
  private static @Nullable ConnectionArena parentOf(Channel channel) {
    Channel parent = channel.parent();
    ConnectionArena arena =
        parent == null || parent instanceof ServerChannel
            ? null
            : ArenaLifecycleHandler.arena(parent);
    return arena == null || arena.isClosed() ? null : arena;
  }
}
