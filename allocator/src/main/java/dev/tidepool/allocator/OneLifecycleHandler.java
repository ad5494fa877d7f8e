package dev.tidepool.allocator;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/** The rule that a pipeline has one lifecycle handler. */
final class OneLifecycleHandler {
  private OneLifecycleHandler() {}

  /**
   * Removes the handler that the application knows nothing of, if {@code added} replaces it.
   *
   * @param serving the one that serves the channel, or did
   * @throws IllegalStateException if the application has added another before
   */
  static void require(ChannelHandlerContext added, @Nullable ArenaLifecycleHandler serving) {
    ChannelHandlerContext other = serving == null ? null : added.pipeline().context(serving);
    if (serving == null || other == null) {
      return;
    }
    if (!serving.givesWay()) {
      throw new IllegalStateException(
          "ArenaLifecycleHandler '%s': a second one beside '%s' (expected: one in a pipeline)"
              .formatted(added.name(), other.name()));
    }
    added.pipeline().remove(serving);
  }

  /**
   * What other threads find as the arena of {@code channel} until a handler that is added opens its
   * own: that of the handler it replaces. Null if it opens only when the channel is registered.
   */
  static @Nullable ConnectionArena arenaBefore(Channel channel) {
    boolean opensNow = channel.isRegistered() || !channel.isOpen();
    return opensNow ? ArenaLifecycleHandler.arena(channel) : null;
  }
}
