package dev.tidepool.echo.protocol.http2;

import dev.tidepool.echo.figures.Figures;
import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.handler.codec.http2.Http2Connection;

/** The streams that are open on a server's connection, each of them a request under way. */
record OpenStreams(Http2Connection connection) implements RequestProgress {
  @Override
  public boolean midRequest() {
    return connection.numActiveStreams() > 0;
  }

  @Override
  public String describe() {
    return Figures.count(connection.numActiveStreams(), "open stream", "open streams");
  }
}
