package dev.tidepool.echo.server;

import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.channel.ChannelPipeline;

/** Watches the requests of connections, for the live view. */
@FunctionalInterface
public interface ConnectionProbe {
  /** Watches nothing, and costs nothing. */
  ConnectionProbe NONE =
      (pipeline, progress) -> {
        throw new UnsupportedOperationException("a probe of nothing is not asked");
      };

  /**
   * Adds what it needs to the pipeline of an accepted connection, at the head, where only bytes
   * pass.
   *
   * @param progress how much of the current request has arrived
   * @return to be run on the event loop when the answer to a request has been written
   */
  Runnable watch(ChannelPipeline pipeline, RequestProgress progress);
}
