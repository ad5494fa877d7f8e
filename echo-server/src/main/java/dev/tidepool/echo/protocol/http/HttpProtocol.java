package dev.tidepool.echo.protocol.http;

import dev.tidepool.allocator.RequestBoundary;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * Echoes what is posted, in HTTP/1.1 and 1.0, whatever its length; {@code GET /} answers a text,
 * and a WebSocket begins at {@code /ws}.
 */
public record HttpProtocol() implements Protocol {
  @Override
  public String name() {
    return "http";
  }

  @Override
  public String description() {
    return "HTTP/1.1, POST echoes; WebSocket at " + RequestTarget.WEB_SOCKET_PATH;
  }

  @Override
  public RequestProgress addServerCodec(ChannelPipeline pipeline) {
    // The encoder in front, so that the WebSocket decoder, which refuses frames, is behind its own.
    pipeline.addLast(new LingeringCloseHandler(), new HttpResponseEncoder(), new RequestDecoder());
    return new HttpProgress(pipeline);
  }

  @Override
  public Optional<ChannelHandler> newBoundary() {
    return Optional.of(RequestBoundary.http1());
  }

  @Override
  public ChannelHandler newResponder(LongConsumer answered) {
    return new HttpEchoHandler(answered);
  }

  @Override
  public ProtocolClient newClient(LongFunction<Request> requests) {
    return new HttpEchoClient(requests);
  }
}
