package dev.tidepool.echo.trouble;

import dev.tidepool.allocator.ArenaLifecycleHandler;
import dev.tidepool.echo.live.LeakLog;
import dev.tidepool.echo.server.ServerMemory;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/**
 * A leak in one connection of the server, from the handler that leaks to the release of what it
 * forgot. When its buffers have been reported as leaks they are counted as asked for, and released:
 * the server's last words still say whether every byte went back.
 */
final class Leak {
  private final Channel channel;
  private final LeakLog leaks;
  private final ServerMemory memory;
  private final LeakyHandler handler = new LeakyHandler();

  /**
   * @param channel the server's end of the connection
   */
  Leak(Channel channel, LeakLog leaks, ServerMemory memory) {
    this.channel = channel;
    this.leaks = leaks;
    this.memory = memory;
  }

  /** Puts the handler behind the one that gives the connection its arena; waits for that. */
  void begin() {
    onLoop(
        () -> {
          ChannelPipeline pipeline = channel.pipeline();
          ChannelHandlerContext arena = pipeline.context(ArenaLifecycleHandler.class);
          if (arena != null) { // else the connection has closed
            pipeline.addAfter(arena.name(), "leaky", handler);
          }
        });
  }

  /** Whether the leak has been reported. */
  boolean isReported() {
    return leaks.isLeaking(channel);
  }

  /** Releases all, on the event loop, which makes the reports: none is made halfway. */
  void end() {
    onLoop(
        () -> {
          boolean reported = isReported();
          int released = handler.release();
          if (reported) {
            memory.leaksProvoked(released);
          }
        });
  }

  private void onLoop(Runnable task) {
    try {
      CompletableFuture.runAsync(task, channel.eventLoop()).join();
    } catch (RejectedExecutionException e) {
      task.run(); // the event loop has ended, and shares nothing any more
    } catch (CompletionException e) {
      throw new IllegalStateException("the handler that leaks has failed", e);
    }
  }
}
