package dev.tidepool.echo.trouble;

import dev.tidepool.echo.live.LeakLog;
import dev.tidepool.echo.server.ServerMemory;
import io.netty.channel.Channel;

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

  /** Puts the handler into the connection. */
  void begin() {
    Planting.plant(channel, handler);
  }

  /** Whether the leak has been reported. */
  boolean isReported() {
    return leaks.isLeaking(channel);
  }

  /** Releases all, on the event loop, which makes the reports: none is made halfway. */
  void end() {
    Planting.onLoop(
        channel,
        () -> {
          boolean reported = isReported();
          int released = handler.release();
          if (reported) {
            memory.leaksProvoked(released);
          }
        });
  }
}
