package dev.tidepool.echo.trouble;

import dev.tidepool.allocator.ArenaLifecycleHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/** Puts handlers that misbehave into the server's connections. */
final class Planting {
  private Planting() {}

  /**
   * Puts {@code handler} behind the one that gives {@code channel} its arena, where all pipelines
   * are alike; waits for that.
   */
  static void plant(Channel channel, ChannelHandler handler) {
    onLoop(
        channel,
        () -> {
          ChannelPipeline pipeline = channel.pipeline();
          ChannelHandlerContext arena = pipeline.context(ArenaLifecycleHandler.class);
          if (arena != null) { // else the connection has closed
            pipeline.addAfter(arena.name(), null, handler);
          }
        });
  }

  /** Runs {@code task} on the event loop of {@code channel}, and waits for that. */
  static void onLoop(Channel channel, Runnable task) {
    try {
      CompletableFuture.runAsync(task, channel.eventLoop()).join();
    } catch (RejectedExecutionException e) {
      task.run(); // the event loop has ended, and shares nothing any more
    } catch (CompletionException e) {
      throw new IllegalStateException("a task for " + channel + " has failed", e);
    }
  }
}
