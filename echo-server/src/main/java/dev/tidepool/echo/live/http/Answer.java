package dev.tidepool.echo.live.http;

import io.netty.channel.Channel;

/** What an endpoint answers: a response, or a stream that takes the connection over. */
sealed interface Answer permits Reply, Answer.Takeover {

  /** A response without end: the connection is that of the stream from now on. */
  @FunctionalInterface
  non-sealed interface Takeover extends Answer {
    /** Writes the response's head and takes {@code channel} over. Event loop only. */
    void begin(Channel channel);
  }
}
