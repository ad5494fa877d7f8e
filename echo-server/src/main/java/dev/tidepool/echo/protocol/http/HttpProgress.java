package dev.tidepool.echo.protocol.http;

import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.channel.ChannelPipeline;

/** The progress of a connection that may switch from HTTP to WebSocket: its decoder's. */
record HttpProgress(ChannelPipeline pipeline) implements RequestProgress {
  private RequestProgress decoder() {
    RequestDecoder http = pipeline.get(RequestDecoder.class);
    if (http != null) {
      return http;
    }
    FrameDecoder webSocket = pipeline.get(FrameDecoder.class);
    return webSocket != null ? webSocket : NONE; // a closed connection has none
  }

  @Override
  public boolean midRequest() {
    return decoder().midRequest();
  }

  @Override
  public String describe() {
    return decoder().describe();
  }

  @Override
  public Object farewell() {
    return decoder().farewell();
  }
}
