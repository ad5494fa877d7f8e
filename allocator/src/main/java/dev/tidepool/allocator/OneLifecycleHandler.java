package dev.tidepool.allocator;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import java.util.Map;

/** The rule that a pipeline has one lifecycle handler. */
final class OneLifecycleHandler {
  private OneLifecycleHandler() {}

  /**
   * Removes the handler that the application knows nothing of, if {@code added} replaces it.
   *
   * @throws IllegalStateException if the application has added another before
   */
  static void require(ChannelHandlerContext added) {
    for (Map.Entry<String, ChannelHandler> entry : added.pipeline()) {
      if (entry.getValue() instanceof ArenaLifecycleHandler other && other != added.handler()) {
        if (!other.givesWay()) {
          throw new IllegalStateException(
              "ArenaLifecycleHandler '%s': a second one beside '%s' (expected: one in a pipeline)"
                  .formatted(added.name(), entry.getKey()));
        }
        added.pipeline().remove(other);
      }
    }
  }
}
